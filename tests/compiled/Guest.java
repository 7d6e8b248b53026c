import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

/** What tests/compiled.rs runs. */
public class Guest {
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "work" -> System.out.println(args[1] + ": " + work(Integer.parseInt(args[1])));
            case "wide" -> System.out.println(wide(Integer.parseInt(args[1])));
            case "loaders" -> loaders(Integer.parseInt(args[1]));
            case "maps" -> maps();
            case "forever" -> forever();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    static int mix(int a, int b) {
        return (a << 5) - a + b;
    }

    static int hash(int seed, int rounds) {
        int h = seed;
        for (int i = 0; i < rounds; i++) {
            h = mix(h, i) & 0xffff;
        }
        return h;
    }

    static int work(int n) {
        int sum = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < 1000; j++) {
                sum += hash(j, 50) & 0x7f;
            }
        }
        return sum;
    }

    /** Loads this class again and again, and lets each one's code become hot before it goes. */
    static void loaders(int n) throws Exception {
        URL[] path = {Guest.class.getProtectionDomain().getCodeSource().getLocation()};
        for (int i = 0; i < n; i++) {
            try (URLClassLoader loader = new URLClassLoader(path, null)) {
                Class<?> again = loader.loadClass("Guest");
                if (again == Guest.class) {
                    throw new AssertionError("not loaded again");
                }
                var work = again.getDeclaredMethod("work", int.class);
                work.setAccessible(true);
                if ((int) work.invoke(null, 2) != work(2)) {
                    throw new AssertionError("another result");
                }
            }
            System.gc();
        }
        System.out.println(n + " loaders");
    }

    static void maps() throws Exception {
        work(3);
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            System.out.println(line.split(" ")[1]);
        }
    }

    static void forever() {
        int x = 1;
        while (true) {
            x += wide(300);
            if (x == 0x12345678) {
                System.out.println(x);
            }
        }
    }

    static int wide(int n) {
        int sum = 0;
        // Rounds, so that every one of them becomes hot, and is still hot when it has been given up.
        for (int round = 0; round < 60; round++) {
            for (int i = 0; i < n; i++) {
                sum += call(i, round);
            }
        }
        return sum;
    }

    static int call(int n, int x) {
        return switch (n) {
            case 0 -> w0(x);
            case 1 -> w1(x);
            case 2 -> w2(x);
            case 3 -> w3(x);
            case 4 -> w4(x);
            case 5 -> w5(x);
            case 6 -> w6(x);
            case 7 -> w7(x);
            case 8 -> w8(x);
            case 9 -> w9(x);
            case 10 -> w10(x);
            case 11 -> w11(x);
            case 12 -> w12(x);
            case 13 -> w13(x);
            case 14 -> w14(x);
            case 15 -> w15(x);
            case 16 -> w16(x);
            case 17 -> w17(x);
            case 18 -> w18(x);
            case 19 -> w19(x);
            case 20 -> w20(x);
            case 21 -> w21(x);
            case 22 -> w22(x);
            case 23 -> w23(x);
            case 24 -> w24(x);
            case 25 -> w25(x);
            case 26 -> w26(x);
            case 27 -> w27(x);
            case 28 -> w28(x);
            case 29 -> w29(x);
            case 30 -> w30(x);
            case 31 -> w31(x);
            case 32 -> w32(x);
            case 33 -> w33(x);
            case 34 -> w34(x);
            case 35 -> w35(x);
            case 36 -> w36(x);
            case 37 -> w37(x);
            case 38 -> w38(x);
            case 39 -> w39(x);
            case 40 -> w40(x);
            case 41 -> w41(x);
            case 42 -> w42(x);
            case 43 -> w43(x);
            case 44 -> w44(x);
            case 45 -> w45(x);
            case 46 -> w46(x);
            case 47 -> w47(x);
            case 48 -> w48(x);
            case 49 -> w49(x);
            case 50 -> w50(x);
            case 51 -> w51(x);
            case 52 -> w52(x);
            case 53 -> w53(x);
            case 54 -> w54(x);
            case 55 -> w55(x);
            case 56 -> w56(x);
            case 57 -> w57(x);
            case 58 -> w58(x);
            case 59 -> w59(x);
            case 60 -> w60(x);
            case 61 -> w61(x);
            case 62 -> w62(x);
            case 63 -> w63(x);
            case 64 -> w64(x);
            case 65 -> w65(x);
            case 66 -> w66(x);
            case 67 -> w67(x);
            case 68 -> w68(x);
            case 69 -> w69(x);
            case 70 -> w70(x);
            case 71 -> w71(x);
            case 72 -> w72(x);
            case 73 -> w73(x);
            case 74 -> w74(x);
            case 75 -> w75(x);
            case 76 -> w76(x);
            case 77 -> w77(x);
            case 78 -> w78(x);
            case 79 -> w79(x);
            case 80 -> w80(x);
            case 81 -> w81(x);
            case 82 -> w82(x);
            case 83 -> w83(x);
            case 84 -> w84(x);
            case 85 -> w85(x);
            case 86 -> w86(x);
            case 87 -> w87(x);
            case 88 -> w88(x);
            case 89 -> w89(x);
            case 90 -> w90(x);
            case 91 -> w91(x);
            case 92 -> w92(x);
            case 93 -> w93(x);
            case 94 -> w94(x);
            case 95 -> w95(x);
            case 96 -> w96(x);
            case 97 -> w97(x);
            case 98 -> w98(x);
            case 99 -> w99(x);
            case 100 -> w100(x);
            case 101 -> w101(x);
            case 102 -> w102(x);
            case 103 -> w103(x);
            case 104 -> w104(x);
            case 105 -> w105(x);
            case 106 -> w106(x);
            case 107 -> w107(x);
            case 108 -> w108(x);
            case 109 -> w109(x);
            case 110 -> w110(x);
            case 111 -> w111(x);
            case 112 -> w112(x);
            case 113 -> w113(x);
            case 114 -> w114(x);
            case 115 -> w115(x);
            case 116 -> w116(x);
            case 117 -> w117(x);
            case 118 -> w118(x);
            case 119 -> w119(x);
            case 120 -> w120(x);
            case 121 -> w121(x);
            case 122 -> w122(x);
            case 123 -> w123(x);
            case 124 -> w124(x);
            case 125 -> w125(x);
            case 126 -> w126(x);
            case 127 -> w127(x);
            case 128 -> w128(x);
            case 129 -> w129(x);
            case 130 -> w130(x);
            case 131 -> w131(x);
            case 132 -> w132(x);
            case 133 -> w133(x);
            case 134 -> w134(x);
            case 135 -> w135(x);
            case 136 -> w136(x);
            case 137 -> w137(x);
            case 138 -> w138(x);
            case 139 -> w139(x);
            case 140 -> w140(x);
            case 141 -> w141(x);
            case 142 -> w142(x);
            case 143 -> w143(x);
            case 144 -> w144(x);
            case 145 -> w145(x);
            case 146 -> w146(x);
            case 147 -> w147(x);
            case 148 -> w148(x);
            case 149 -> w149(x);
            case 150 -> w150(x);
            case 151 -> w151(x);
            case 152 -> w152(x);
            case 153 -> w153(x);
            case 154 -> w154(x);
            case 155 -> w155(x);
            case 156 -> w156(x);
            case 157 -> w157(x);
            case 158 -> w158(x);
            case 159 -> w159(x);
            case 160 -> w160(x);
            case 161 -> w161(x);
            case 162 -> w162(x);
            case 163 -> w163(x);
            case 164 -> w164(x);
            case 165 -> w165(x);
            case 166 -> w166(x);
            case 167 -> w167(x);
            case 168 -> w168(x);
            case 169 -> w169(x);
            case 170 -> w170(x);
            case 171 -> w171(x);
            case 172 -> w172(x);
            case 173 -> w173(x);
            case 174 -> w174(x);
            case 175 -> w175(x);
            case 176 -> w176(x);
            case 177 -> w177(x);
            case 178 -> w178(x);
            case 179 -> w179(x);
            case 180 -> w180(x);
            case 181 -> w181(x);
            case 182 -> w182(x);
            case 183 -> w183(x);
            case 184 -> w184(x);
            case 185 -> w185(x);
            case 186 -> w186(x);
            case 187 -> w187(x);
            case 188 -> w188(x);
            case 189 -> w189(x);
            case 190 -> w190(x);
            case 191 -> w191(x);
            case 192 -> w192(x);
            case 193 -> w193(x);
            case 194 -> w194(x);
            case 195 -> w195(x);
            case 196 -> w196(x);
            case 197 -> w197(x);
            case 198 -> w198(x);
            case 199 -> w199(x);
            case 200 -> w200(x);
            case 201 -> w201(x);
            case 202 -> w202(x);
            case 203 -> w203(x);
            case 204 -> w204(x);
            case 205 -> w205(x);
            case 206 -> w206(x);
            case 207 -> w207(x);
            case 208 -> w208(x);
            case 209 -> w209(x);
            case 210 -> w210(x);
            case 211 -> w211(x);
            case 212 -> w212(x);
            case 213 -> w213(x);
            case 214 -> w214(x);
            case 215 -> w215(x);
            case 216 -> w216(x);
            case 217 -> w217(x);
            case 218 -> w218(x);
            case 219 -> w219(x);
            case 220 -> w220(x);
            case 221 -> w221(x);
            case 222 -> w222(x);
            case 223 -> w223(x);
            case 224 -> w224(x);
            case 225 -> w225(x);
            case 226 -> w226(x);
            case 227 -> w227(x);
            case 228 -> w228(x);
            case 229 -> w229(x);
            case 230 -> w230(x);
            case 231 -> w231(x);
            case 232 -> w232(x);
            case 233 -> w233(x);
            case 234 -> w234(x);
            case 235 -> w235(x);
            case 236 -> w236(x);
            case 237 -> w237(x);
            case 238 -> w238(x);
            case 239 -> w239(x);
            case 240 -> w240(x);
            case 241 -> w241(x);
            case 242 -> w242(x);
            case 243 -> w243(x);
            case 244 -> w244(x);
            case 245 -> w245(x);
            case 246 -> w246(x);
            case 247 -> w247(x);
            case 248 -> w248(x);
            case 249 -> w249(x);
            case 250 -> w250(x);
            case 251 -> w251(x);
            case 252 -> w252(x);
            case 253 -> w253(x);
            case 254 -> w254(x);
            case 255 -> w255(x);
            case 256 -> w256(x);
            case 257 -> w257(x);
            case 258 -> w258(x);
            case 259 -> w259(x);
            case 260 -> w260(x);
            case 261 -> w261(x);
            case 262 -> w262(x);
            case 263 -> w263(x);
            case 264 -> w264(x);
            case 265 -> w265(x);
            case 266 -> w266(x);
            case 267 -> w267(x);
            case 268 -> w268(x);
            case 269 -> w269(x);
            case 270 -> w270(x);
            case 271 -> w271(x);
            case 272 -> w272(x);
            case 273 -> w273(x);
            case 274 -> w274(x);
            case 275 -> w275(x);
            case 276 -> w276(x);
            case 277 -> w277(x);
            case 278 -> w278(x);
            case 279 -> w279(x);
            case 280 -> w280(x);
            case 281 -> w281(x);
            case 282 -> w282(x);
            case 283 -> w283(x);
            case 284 -> w284(x);
            case 285 -> w285(x);
            case 286 -> w286(x);
            case 287 -> w287(x);
            case 288 -> w288(x);
            case 289 -> w289(x);
            case 290 -> w290(x);
            case 291 -> w291(x);
            case 292 -> w292(x);
            case 293 -> w293(x);
            case 294 -> w294(x);
            case 295 -> w295(x);
            case 296 -> w296(x);
            case 297 -> w297(x);
            case 298 -> w298(x);
            case 299 -> w299(x);
            default -> 0;
        };
    }

    static int w0(int x) { int y = x * 3 + 0; if ((y & 1) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w1(int x) { int y = x * 4 + 1; if ((y & 2) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w2(int x) { int y = x * 5 + 2; if ((y & 3) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w3(int x) { int y = x * 6 + 3; if ((y & 4) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w4(int x) { int y = x * 7 + 4; if ((y & 5) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w5(int x) { int y = x * 8 + 5; if ((y & 6) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w6(int x) { int y = x * 9 + 6; if ((y & 7) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w7(int x) { int y = x * 10 + 7; if ((y & 1) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w8(int x) { int y = x * 11 + 8; if ((y & 2) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w9(int x) { int y = x * 12 + 9; if ((y & 3) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w10(int x) { int y = x * 13 + 10; if ((y & 4) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w11(int x) { int y = x * 14 + 11; if ((y & 5) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w12(int x) { int y = x * 15 + 12; if ((y & 6) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w13(int x) { int y = x * 16 + 13; if ((y & 7) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w14(int x) { int y = x * 17 + 14; if ((y & 1) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w15(int x) { int y = x * 18 + 15; if ((y & 2) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w16(int x) { int y = x * 19 + 16; if ((y & 3) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w17(int x) { int y = x * 20 + 17; if ((y & 4) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w18(int x) { int y = x * 21 + 18; if ((y & 5) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w19(int x) { int y = x * 22 + 19; if ((y & 6) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w20(int x) { int y = x * 23 + 20; if ((y & 7) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w21(int x) { int y = x * 24 + 21; if ((y & 1) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w22(int x) { int y = x * 25 + 22; if ((y & 2) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w23(int x) { int y = x * 26 + 23; if ((y & 3) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w24(int x) { int y = x * 27 + 24; if ((y & 4) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w25(int x) { int y = x * 28 + 25; if ((y & 5) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w26(int x) { int y = x * 29 + 26; if ((y & 6) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w27(int x) { int y = x * 30 + 27; if ((y & 7) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w28(int x) { int y = x * 31 + 28; if ((y & 1) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w29(int x) { int y = x * 32 + 29; if ((y & 2) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w30(int x) { int y = x * 33 + 30; if ((y & 3) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w31(int x) { int y = x * 34 + 31; if ((y & 4) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w32(int x) { int y = x * 35 + 32; if ((y & 5) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w33(int x) { int y = x * 36 + 33; if ((y & 6) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w34(int x) { int y = x * 37 + 34; if ((y & 7) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w35(int x) { int y = x * 38 + 35; if ((y & 1) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w36(int x) { int y = x * 39 + 36; if ((y & 2) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w37(int x) { int y = x * 40 + 37; if ((y & 3) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w38(int x) { int y = x * 41 + 38; if ((y & 4) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w39(int x) { int y = x * 42 + 39; if ((y & 5) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w40(int x) { int y = x * 43 + 40; if ((y & 6) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w41(int x) { int y = x * 44 + 41; if ((y & 7) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w42(int x) { int y = x * 45 + 42; if ((y & 1) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w43(int x) { int y = x * 46 + 43; if ((y & 2) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w44(int x) { int y = x * 47 + 44; if ((y & 3) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w45(int x) { int y = x * 48 + 45; if ((y & 4) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w46(int x) { int y = x * 49 + 46; if ((y & 5) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w47(int x) { int y = x * 50 + 47; if ((y & 6) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w48(int x) { int y = x * 51 + 48; if ((y & 7) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w49(int x) { int y = x * 52 + 49; if ((y & 1) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w50(int x) { int y = x * 53 + 50; if ((y & 2) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w51(int x) { int y = x * 54 + 51; if ((y & 3) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w52(int x) { int y = x * 55 + 52; if ((y & 4) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w53(int x) { int y = x * 56 + 53; if ((y & 5) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w54(int x) { int y = x * 57 + 54; if ((y & 6) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w55(int x) { int y = x * 58 + 55; if ((y & 7) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w56(int x) { int y = x * 59 + 56; if ((y & 1) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w57(int x) { int y = x * 60 + 57; if ((y & 2) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w58(int x) { int y = x * 61 + 58; if ((y & 3) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w59(int x) { int y = x * 62 + 59; if ((y & 4) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w60(int x) { int y = x * 63 + 60; if ((y & 5) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w61(int x) { int y = x * 64 + 61; if ((y & 6) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w62(int x) { int y = x * 65 + 62; if ((y & 7) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w63(int x) { int y = x * 66 + 63; if ((y & 1) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w64(int x) { int y = x * 67 + 64; if ((y & 2) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w65(int x) { int y = x * 68 + 65; if ((y & 3) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w66(int x) { int y = x * 69 + 66; if ((y & 4) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w67(int x) { int y = x * 70 + 67; if ((y & 5) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w68(int x) { int y = x * 71 + 68; if ((y & 6) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w69(int x) { int y = x * 72 + 69; if ((y & 7) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w70(int x) { int y = x * 73 + 70; if ((y & 1) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w71(int x) { int y = x * 74 + 71; if ((y & 2) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w72(int x) { int y = x * 75 + 72; if ((y & 3) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w73(int x) { int y = x * 76 + 73; if ((y & 4) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w74(int x) { int y = x * 77 + 74; if ((y & 5) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w75(int x) { int y = x * 78 + 75; if ((y & 6) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w76(int x) { int y = x * 79 + 76; if ((y & 7) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w77(int x) { int y = x * 80 + 77; if ((y & 1) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w78(int x) { int y = x * 81 + 78; if ((y & 2) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w79(int x) { int y = x * 82 + 79; if ((y & 3) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w80(int x) { int y = x * 83 + 80; if ((y & 4) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w81(int x) { int y = x * 84 + 81; if ((y & 5) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w82(int x) { int y = x * 85 + 82; if ((y & 6) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w83(int x) { int y = x * 86 + 83; if ((y & 7) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w84(int x) { int y = x * 87 + 84; if ((y & 1) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w85(int x) { int y = x * 88 + 85; if ((y & 2) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w86(int x) { int y = x * 89 + 86; if ((y & 3) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w87(int x) { int y = x * 90 + 87; if ((y & 4) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w88(int x) { int y = x * 91 + 88; if ((y & 5) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w89(int x) { int y = x * 92 + 89; if ((y & 6) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w90(int x) { int y = x * 93 + 90; if ((y & 7) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w91(int x) { int y = x * 94 + 91; if ((y & 1) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w92(int x) { int y = x * 95 + 92; if ((y & 2) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w93(int x) { int y = x * 96 + 93; if ((y & 3) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w94(int x) { int y = x * 97 + 94; if ((y & 4) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w95(int x) { int y = x * 98 + 95; if ((y & 5) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w96(int x) { int y = x * 99 + 96; if ((y & 6) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w97(int x) { int y = x * 100 + 97; if ((y & 7) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w98(int x) { int y = x * 101 + 98; if ((y & 1) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w99(int x) { int y = x * 102 + 99; if ((y & 2) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w100(int x) { int y = x * 103 + 100; if ((y & 3) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w101(int x) { int y = x * 104 + 101; if ((y & 4) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w102(int x) { int y = x * 105 + 102; if ((y & 5) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w103(int x) { int y = x * 106 + 103; if ((y & 6) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w104(int x) { int y = x * 107 + 104; if ((y & 7) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w105(int x) { int y = x * 108 + 105; if ((y & 1) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w106(int x) { int y = x * 109 + 106; if ((y & 2) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w107(int x) { int y = x * 110 + 107; if ((y & 3) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w108(int x) { int y = x * 111 + 108; if ((y & 4) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w109(int x) { int y = x * 112 + 109; if ((y & 5) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w110(int x) { int y = x * 113 + 110; if ((y & 6) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w111(int x) { int y = x * 114 + 111; if ((y & 7) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w112(int x) { int y = x * 115 + 112; if ((y & 1) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w113(int x) { int y = x * 116 + 113; if ((y & 2) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w114(int x) { int y = x * 117 + 114; if ((y & 3) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w115(int x) { int y = x * 118 + 115; if ((y & 4) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w116(int x) { int y = x * 119 + 116; if ((y & 5) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w117(int x) { int y = x * 120 + 117; if ((y & 6) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w118(int x) { int y = x * 121 + 118; if ((y & 7) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w119(int x) { int y = x * 122 + 119; if ((y & 1) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w120(int x) { int y = x * 123 + 120; if ((y & 2) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w121(int x) { int y = x * 124 + 121; if ((y & 3) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w122(int x) { int y = x * 125 + 122; if ((y & 4) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w123(int x) { int y = x * 126 + 123; if ((y & 5) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w124(int x) { int y = x * 127 + 124; if ((y & 6) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w125(int x) { int y = x * 128 + 125; if ((y & 7) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w126(int x) { int y = x * 129 + 126; if ((y & 1) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w127(int x) { int y = x * 130 + 127; if ((y & 2) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w128(int x) { int y = x * 131 + 128; if ((y & 3) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w129(int x) { int y = x * 132 + 129; if ((y & 4) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w130(int x) { int y = x * 133 + 130; if ((y & 5) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w131(int x) { int y = x * 134 + 131; if ((y & 6) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w132(int x) { int y = x * 135 + 132; if ((y & 7) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w133(int x) { int y = x * 136 + 133; if ((y & 1) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w134(int x) { int y = x * 137 + 134; if ((y & 2) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w135(int x) { int y = x * 138 + 135; if ((y & 3) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w136(int x) { int y = x * 139 + 136; if ((y & 4) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w137(int x) { int y = x * 140 + 137; if ((y & 5) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w138(int x) { int y = x * 141 + 138; if ((y & 6) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w139(int x) { int y = x * 142 + 139; if ((y & 7) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w140(int x) { int y = x * 143 + 140; if ((y & 1) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w141(int x) { int y = x * 144 + 141; if ((y & 2) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w142(int x) { int y = x * 145 + 142; if ((y & 3) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w143(int x) { int y = x * 146 + 143; if ((y & 4) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w144(int x) { int y = x * 147 + 144; if ((y & 5) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w145(int x) { int y = x * 148 + 145; if ((y & 6) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w146(int x) { int y = x * 149 + 146; if ((y & 7) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w147(int x) { int y = x * 150 + 147; if ((y & 1) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w148(int x) { int y = x * 151 + 148; if ((y & 2) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w149(int x) { int y = x * 152 + 149; if ((y & 3) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w150(int x) { int y = x * 153 + 150; if ((y & 4) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w151(int x) { int y = x * 154 + 151; if ((y & 5) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w152(int x) { int y = x * 155 + 152; if ((y & 6) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w153(int x) { int y = x * 156 + 153; if ((y & 7) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w154(int x) { int y = x * 157 + 154; if ((y & 1) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w155(int x) { int y = x * 158 + 155; if ((y & 2) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w156(int x) { int y = x * 159 + 156; if ((y & 3) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w157(int x) { int y = x * 160 + 157; if ((y & 4) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w158(int x) { int y = x * 161 + 158; if ((y & 5) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w159(int x) { int y = x * 162 + 159; if ((y & 6) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w160(int x) { int y = x * 163 + 160; if ((y & 7) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w161(int x) { int y = x * 164 + 161; if ((y & 1) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w162(int x) { int y = x * 165 + 162; if ((y & 2) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w163(int x) { int y = x * 166 + 163; if ((y & 3) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w164(int x) { int y = x * 167 + 164; if ((y & 4) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w165(int x) { int y = x * 168 + 165; if ((y & 5) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w166(int x) { int y = x * 169 + 166; if ((y & 6) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w167(int x) { int y = x * 170 + 167; if ((y & 7) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w168(int x) { int y = x * 171 + 168; if ((y & 1) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w169(int x) { int y = x * 172 + 169; if ((y & 2) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w170(int x) { int y = x * 173 + 170; if ((y & 3) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w171(int x) { int y = x * 174 + 171; if ((y & 4) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w172(int x) { int y = x * 175 + 172; if ((y & 5) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w173(int x) { int y = x * 176 + 173; if ((y & 6) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w174(int x) { int y = x * 177 + 174; if ((y & 7) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w175(int x) { int y = x * 178 + 175; if ((y & 1) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w176(int x) { int y = x * 179 + 176; if ((y & 2) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w177(int x) { int y = x * 180 + 177; if ((y & 3) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w178(int x) { int y = x * 181 + 178; if ((y & 4) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w179(int x) { int y = x * 182 + 179; if ((y & 5) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w180(int x) { int y = x * 183 + 180; if ((y & 6) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w181(int x) { int y = x * 184 + 181; if ((y & 7) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w182(int x) { int y = x * 185 + 182; if ((y & 1) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w183(int x) { int y = x * 186 + 183; if ((y & 2) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w184(int x) { int y = x * 187 + 184; if ((y & 3) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w185(int x) { int y = x * 188 + 185; if ((y & 4) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w186(int x) { int y = x * 189 + 186; if ((y & 5) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w187(int x) { int y = x * 190 + 187; if ((y & 6) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w188(int x) { int y = x * 191 + 188; if ((y & 7) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w189(int x) { int y = x * 192 + 189; if ((y & 1) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w190(int x) { int y = x * 193 + 190; if ((y & 2) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w191(int x) { int y = x * 194 + 191; if ((y & 3) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w192(int x) { int y = x * 195 + 192; if ((y & 4) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w193(int x) { int y = x * 196 + 193; if ((y & 5) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w194(int x) { int y = x * 197 + 194; if ((y & 6) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w195(int x) { int y = x * 198 + 195; if ((y & 7) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w196(int x) { int y = x * 199 + 196; if ((y & 1) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w197(int x) { int y = x * 200 + 197; if ((y & 2) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w198(int x) { int y = x * 201 + 198; if ((y & 3) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w199(int x) { int y = x * 202 + 199; if ((y & 4) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w200(int x) { int y = x * 203 + 200; if ((y & 5) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w201(int x) { int y = x * 204 + 201; if ((y & 6) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w202(int x) { int y = x * 205 + 202; if ((y & 7) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w203(int x) { int y = x * 206 + 203; if ((y & 1) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w204(int x) { int y = x * 207 + 204; if ((y & 2) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w205(int x) { int y = x * 208 + 205; if ((y & 3) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w206(int x) { int y = x * 209 + 206; if ((y & 4) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w207(int x) { int y = x * 210 + 207; if ((y & 5) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w208(int x) { int y = x * 211 + 208; if ((y & 6) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w209(int x) { int y = x * 212 + 209; if ((y & 7) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w210(int x) { int y = x * 213 + 210; if ((y & 1) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w211(int x) { int y = x * 214 + 211; if ((y & 2) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w212(int x) { int y = x * 215 + 212; if ((y & 3) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w213(int x) { int y = x * 216 + 213; if ((y & 4) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w214(int x) { int y = x * 217 + 214; if ((y & 5) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w215(int x) { int y = x * 218 + 215; if ((y & 6) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w216(int x) { int y = x * 219 + 216; if ((y & 7) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w217(int x) { int y = x * 220 + 217; if ((y & 1) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w218(int x) { int y = x * 221 + 218; if ((y & 2) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w219(int x) { int y = x * 222 + 219; if ((y & 3) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w220(int x) { int y = x * 223 + 220; if ((y & 4) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w221(int x) { int y = x * 224 + 221; if ((y & 5) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w222(int x) { int y = x * 225 + 222; if ((y & 6) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w223(int x) { int y = x * 226 + 223; if ((y & 7) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w224(int x) { int y = x * 227 + 224; if ((y & 1) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w225(int x) { int y = x * 228 + 225; if ((y & 2) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w226(int x) { int y = x * 229 + 226; if ((y & 3) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w227(int x) { int y = x * 230 + 227; if ((y & 4) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w228(int x) { int y = x * 231 + 228; if ((y & 5) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w229(int x) { int y = x * 232 + 229; if ((y & 6) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w230(int x) { int y = x * 233 + 230; if ((y & 7) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w231(int x) { int y = x * 234 + 231; if ((y & 1) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w232(int x) { int y = x * 235 + 232; if ((y & 2) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w233(int x) { int y = x * 236 + 233; if ((y & 3) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w234(int x) { int y = x * 237 + 234; if ((y & 4) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w235(int x) { int y = x * 238 + 235; if ((y & 5) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w236(int x) { int y = x * 239 + 236; if ((y & 6) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w237(int x) { int y = x * 240 + 237; if ((y & 7) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w238(int x) { int y = x * 241 + 238; if ((y & 1) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w239(int x) { int y = x * 242 + 239; if ((y & 2) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w240(int x) { int y = x * 243 + 240; if ((y & 3) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w241(int x) { int y = x * 244 + 241; if ((y & 4) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w242(int x) { int y = x * 245 + 242; if ((y & 5) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w243(int x) { int y = x * 246 + 243; if ((y & 6) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w244(int x) { int y = x * 247 + 244; if ((y & 7) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w245(int x) { int y = x * 248 + 245; if ((y & 1) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w246(int x) { int y = x * 249 + 246; if ((y & 2) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w247(int x) { int y = x * 250 + 247; if ((y & 3) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w248(int x) { int y = x * 251 + 248; if ((y & 4) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w249(int x) { int y = x * 252 + 249; if ((y & 5) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w250(int x) { int y = x * 253 + 250; if ((y & 6) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w251(int x) { int y = x * 254 + 251; if ((y & 7) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w252(int x) { int y = x * 255 + 252; if ((y & 1) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w253(int x) { int y = x * 256 + 253; if ((y & 2) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w254(int x) { int y = x * 257 + 254; if ((y & 3) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w255(int x) { int y = x * 258 + 255; if ((y & 4) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w256(int x) { int y = x * 259 + 256; if ((y & 5) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w257(int x) { int y = x * 260 + 257; if ((y & 6) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w258(int x) { int y = x * 261 + 258; if ((y & 7) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w259(int x) { int y = x * 262 + 259; if ((y & 1) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w260(int x) { int y = x * 263 + 260; if ((y & 2) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w261(int x) { int y = x * 264 + 261; if ((y & 3) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w262(int x) { int y = x * 265 + 262; if ((y & 4) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w263(int x) { int y = x * 266 + 263; if ((y & 5) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w264(int x) { int y = x * 267 + 264; if ((y & 6) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w265(int x) { int y = x * 268 + 265; if ((y & 7) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w266(int x) { int y = x * 269 + 266; if ((y & 1) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w267(int x) { int y = x * 270 + 267; if ((y & 2) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w268(int x) { int y = x * 271 + 268; if ((y & 3) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w269(int x) { int y = x * 272 + 269; if ((y & 4) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w270(int x) { int y = x * 273 + 270; if ((y & 5) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w271(int x) { int y = x * 274 + 271; if ((y & 6) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w272(int x) { int y = x * 275 + 272; if ((y & 7) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w273(int x) { int y = x * 276 + 273; if ((y & 1) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w274(int x) { int y = x * 277 + 274; if ((y & 2) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w275(int x) { int y = x * 278 + 275; if ((y & 3) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w276(int x) { int y = x * 279 + 276; if ((y & 4) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w277(int x) { int y = x * 280 + 277; if ((y & 5) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w278(int x) { int y = x * 281 + 278; if ((y & 6) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w279(int x) { int y = x * 282 + 279; if ((y & 7) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w280(int x) { int y = x * 283 + 280; if ((y & 1) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w281(int x) { int y = x * 284 + 281; if ((y & 2) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w282(int x) { int y = x * 285 + 282; if ((y & 3) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w283(int x) { int y = x * 286 + 283; if ((y & 4) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w284(int x) { int y = x * 287 + 284; if ((y & 5) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w285(int x) { int y = x * 288 + 285; if ((y & 6) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w286(int x) { int y = x * 289 + 286; if ((y & 7) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w287(int x) { int y = x * 290 + 287; if ((y & 1) == 0) y ^= x >>> 2; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w288(int x) { int y = x * 291 + 288; if ((y & 2) == 0) y ^= x >>> 3; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w289(int x) { int y = x * 292 + 289; if ((y & 3) == 0) y ^= x >>> 4; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w290(int x) { int y = x * 293 + 290; if ((y & 4) == 0) y ^= x >>> 5; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w291(int x) { int y = x * 294 + 291; if ((y & 5) == 0) y ^= x >>> 6; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w292(int x) { int y = x * 295 + 292; if ((y & 6) == 0) y ^= x >>> 7; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w293(int x) { int y = x * 296 + 293; if ((y & 7) == 0) y ^= x >>> 8; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w294(int x) { int y = x * 297 + 294; if ((y & 1) == 0) y ^= x >>> 9; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
    static int w295(int x) { int y = x * 298 + 295; if ((y & 2) == 0) y ^= x >>> 10; for (int i = 0; i < 3; i++) y += mix(y, i) * 1; return y; }
    static int w296(int x) { int y = x * 299 + 296; if ((y & 3) == 0) y ^= x >>> 11; for (int i = 0; i < 3; i++) y += mix(y, i) * 2; return y; }
    static int w297(int x) { int y = x * 300 + 297; if ((y & 4) == 0) y ^= x >>> 12; for (int i = 0; i < 3; i++) y += mix(y, i) * 3; return y; }
    static int w298(int x) { int y = x * 301 + 298; if ((y & 5) == 0) y ^= x >>> 13; for (int i = 0; i < 3; i++) y += mix(y, i) * 4; return y; }
    static int w299(int x) { int y = x * 302 + 299; if ((y & 6) == 0) y ^= x >>> 1; for (int i = 0; i < 3; i++) y += mix(y, i) * 5; return y; }
}
