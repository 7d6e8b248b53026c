public class Main {
    static String big(int n) {
        int i = n; long l = n; double d = n; float f = n; String s = ""; int rounds = 0;
        outer:
        while (rounds++ < 4) {
            if ((rounds & 1) == 0) { i++; if (i % 7 == 3) continue outer; }
            if (s.length() < 30) s += "k0";
            d = d / 3 + 741.7869892607293;
            if ((i & 1) != 0) { l ^= i; } else { i ^= (int) (l >>> 29); }
            l = l * 17 - 7472852155438677L;
            l = l * 17 - 53581076123546870L;
            f = f / 2 + 8.684455f;
            f = f / 2 + 5.437609f;
            if (s.length() < 30) s += "k7";
            l = l * 17 - 58820773460541090L;
            d = d / 3 + 182.07566377777874;
            f = f / 2 + 1.596042f;
            i = i * 31 + 149040378;
            if (s.length() < 30) s += "k12";
            if (s.length() < 30) s += "k13";
            f = f / 2 + 1.266992f;
            i = i * 31 + 935703722;
            i = i * 31 + 224942078;
            l = l * 17 - 41693276891946508L;
            d = d / 3 + 961.4779889500835;
            if (s.length() < 30) s += "k19";
            if ((i & 8) != 0) { l ^= i; } else { i ^= (int) (l >>> 11); }
            if ((i & 8) != 0) { l ^= i; } else { i ^= (int) (l >>> 24); }
            d = d / 3 + 21.57020837955126;
            f = f / 2 + 1.659561f;
            l = l * 17 - 9387632821080572L;
            d = d / 3 + 301.3591007694625;
            if (s.length() < 30) s += "k26";
            if (s.length() < 30) s += "k27";
            i = i * 31 + 639967525;
            if ((i & 32) != 0) { l ^= i; } else { i ^= (int) (l >>> 4); }
            d = d / 3 + 355.35135729996915;
            d = d / 3 + 480.745186630039;
            d = d / 3 + 184.77324009849417;
            f = f / 2 + 7.046691f;
            i = i * 31 + 275113151;
            i = i * 31 + 805126272;
            d = d / 3 + 844.8808893881296;
            i = i * 31 + 589595067;
            f = f / 2 + 3.661845f;
            if (s.length() < 30) s += "k39";
            i = i * 31 + 486254196;
            i = i * 31 + 759989647;
            l = l * 17 - 28321771478259278L;
            i = i * 31 + 811505796;
            l = l * 17 - 66610825048468678L;
            d = d / 3 + 512.4960121124476;
            if (s.length() < 30) s += "k46";
            d = d / 3 + 775.6030146989953;
            i = i * 31 + 633293598;
            if ((i & 32) != 0) { l ^= i; } else { i ^= (int) (l >>> 18); }
            i = i * 31 + 464945175;
            i = i * 31 + 223897341;
            d = d / 3 + 512.8800541969205;
            d = d / 3 + 918.0871855333121;
            d = d / 3 + 275.67637655286205;
            if ((i & 2) != 0) { l ^= i; } else { i ^= (int) (l >>> 19); }
            if ((i & 32) != 0) { l ^= i; } else { i ^= (int) (l >>> 19); }
            l = l * 17 - 11269277470970241L;
            if ((i & 4) != 0) { l ^= i; } else { i ^= (int) (l >>> 19); }
            f = f / 2 + 1.615295f;
            i = i * 31 + 86968237;
            if (s.length() < 30) s += "k61";
            if (s.length() < 30) s += "k62";
            f = f / 2 + 0.318265f;
            if ((i & 32) != 0) { l ^= i; } else { i ^= (int) (l >>> 16); }
            f = f / 2 + 6.509664f;
            l = l * 17 - 91992247705233738L;
            i = i * 31 + 860820630;
            f = f / 2 + 3.341853f;
            l = l * 17 - 81287839791857681L;
            l = l * 17 - 59638108190597730L;
            i = i * 31 + 181310021;
            f = f / 2 + 3.729976f;
            i = i * 31 + 907066118;
            f = f / 2 + 2.948129f;
            f = f / 2 + 9.220033f;
            if (s.length() < 30) s += "k76";
            l = l * 17 - 75256147684591067L;
            f = f / 2 + 9.601313f;
            if ((i & 32) != 0) { l ^= i; } else { i ^= (int) (l >>> 30); }
            d = d / 3 + 291.022617146975;
            f = f / 2 + 9.018605f;
            i = i * 31 + 404841468;
            if (s.length() < 30) s += "k83";
            l = l * 17 - 25958080826208065L;
            i = i * 31 + 528172825;
            d = d / 3 + 515.1788725109321;
            if (s.length() < 30) s += "k87";
            if (s.length() < 30) s += "k88";
            d = d / 3 + 63.10879279689918;
            d = d / 3 + 694.5967494508944;
            if ((i & 1) != 0) { l ^= i; } else { i ^= (int) (l >>> 19); }
            d = d / 3 + 559.3143307005581;
            if ((i & 16) != 0) { l ^= i; } else { i ^= (int) (l >>> 31); }
            d = d / 3 + 769.7474731576191;
            if ((i & 16) != 0) { l ^= i; } else { i ^= (int) (l >>> 21); }
            if ((i & 4) != 0) { l ^= i; } else { i ^= (int) (l >>> 37); }
            i = i * 31 + 509319872;
            if (s.length() < 30) s += "k98";
            d = d / 3 + 325.9049331519225;
            d = d / 3 + 462.9389888705798;
            if (s.length() < 30) s += "k101";
            if ((i & 32) != 0) { l ^= i; } else { i ^= (int) (l >>> 22); }
            d = d / 3 + 644.0630729912358;
            if ((i & 64) != 0) { l ^= i; } else { i ^= (int) (l >>> 22); }
            l = l * 17 - 64820724539506141L;
            d = d / 3 + 956.5164769764189;
            if (s.length() < 30) s += "k107";
            l = l * 17 - 28628952743816688L;
            d = d / 3 + 937.3816911418348;
            f = f / 2 + 2.828582f;
            i = i * 31 + 772797470;
            if ((i & 64) != 0) { l ^= i; } else { i ^= (int) (l >>> 10); }
            if (s.length() < 30) s += "k113";
            if (s.length() < 30) s += "k114";
            if (s.length() < 30) s += "k115";
            if ((i & 64) != 0) { l ^= i; } else { i ^= (int) (l >>> 19); }
            if (s.length() < 30) s += "k117";
            if (s.length() < 30) s += "k118";
            if ((i & 16) != 0) { l ^= i; } else { i ^= (int) (l >>> 1); }
            l = l * 17 - 84516102260074887L;
            f = f / 2 + 6.240718f;
            l = l * 17 - 26017580500568234L;
            if ((i & 1) != 0) { l ^= i; } else { i ^= (int) (l >>> 30); }
            l = l * 17 - 7802836712304598L;
            l = l * 17 - 45735085691579221L;
            l = l * 17 - 27866137846586994L;
            if (s.length() < 30) s += "k127";
            i = i * 31 + 446168751;
            f = f / 2 + 3.510998f;
            if ((i & 2) != 0) { l ^= i; } else { i ^= (int) (l >>> 37); }
            l = l * 17 - 53900668032964860L;
            i = i * 31 + 376408397;
            f = f / 2 + 9.521066f;
            f = f / 2 + 8.664012f;
            if ((i & 32) != 0) { l ^= i; } else { i ^= (int) (l >>> 2); }
            if (s.length() < 30) s += "k136";
            if (s.length() < 30) s += "k137";
            d = d / 3 + 94.82166391075641;
            if (s.length() < 30) s += "k139";
            if (s.length() < 30) s += "k140";
            d = d / 3 + 951.1029093034284;
            d = d / 3 + 958.300503727929;
            l = l * 17 - 58978111866677145L;
            if (s.length() < 30) s += "k144";
            if ((i & 32) != 0) { l ^= i; } else { i ^= (int) (l >>> 29); }
            l = l * 17 - 85883675667747740L;
            f = f / 2 + 5.638591f;
            l = l * 17 - 19164888376707438L;
            if (s.length() < 30) s += "k149";
            i = i * 31 + 377048021;
            if ((i & 1) != 0) { l ^= i; } else { i ^= (int) (l >>> 24); }
            i = i * 31 + 350125115;
            if (s.length() < 30) s += "k153";
            if (s.length() < 30) s += "k154";
            if (s.length() < 30) s += "k155";
            l = l * 17 - 90714221814999507L;
            if (s.length() < 30) s += "k157";
            f = f / 2 + 4.292009f;
            l = l * 17 - 42008808068482451L;
            f = f / 2 + 9.724546f;
            f = f / 2 + 3.838915f;
            l = l * 17 - 85597297724023981L;
            d = d / 3 + 741.0262225641352;
            d = d / 3 + 496.3055048217496;
            f = f / 2 + 0.196713f;
            d = d / 3 + 491.7547175999324;
            d = d / 3 + 143.29141733747497;
            i = i * 31 + 130914107;
            if ((i & 128) != 0) { l ^= i; } else { i ^= (int) (l >>> 15); }
            d = d / 3 + 39.976505798893335;
            l = l * 17 - 56549206532646704L;
            i = i * 31 + 515754539;
            if (s.length() < 30) s += "k173";
            if (s.length() < 30) s += "k174";
            d = d / 3 + 243.47173374334818;
            f = f / 2 + 7.819072f;
            l = l * 17 - 38577988178301220L;
            l = l * 17 - 42252890167928512L;
            f = f / 2 + 6.080376f;
            f = f / 2 + 5.182191f;
            if (s.length() < 30) s += "k181";
            if ((i & 2) != 0) { l ^= i; } else { i ^= (int) (l >>> 1); }
            l = l * 17 - 40690565813495062L;
            if (s.length() < 30) s += "k184";
            if ((i & 32) != 0) { l ^= i; } else { i ^= (int) (l >>> 39); }
            d = d / 3 + 731.2759796520136;
            i = i * 31 + 498617779;
            d = d / 3 + 361.0393828284849;
            if ((i & 4) != 0) { l ^= i; } else { i ^= (int) (l >>> 2); }
            i = i * 31 + 271077078;
            if (s.length() < 30) s += "k191";
            f = f / 2 + 6.857329f;
            i = i * 31 + 953458929;
            if ((i & 8) != 0) { l ^= i; } else { i ^= (int) (l >>> 0); }
            f = f / 2 + 7.783827f;
            f = f / 2 + 5.948921f;
            if ((i & 128) != 0) { l ^= i; } else { i ^= (int) (l >>> 24); }
            f = f / 2 + 3.918657f;
            if ((i & 8) != 0) { l ^= i; } else { i ^= (int) (l >>> 18); }
            f = f / 2 + 8.300235f;
            i = i * 31 + 326081840;
            i = i * 31 + 745884139;
            f = f / 2 + 5.821126f;
            if ((i & 128) != 0) { l ^= i; } else { i ^= (int) (l >>> 19); }
            l = l * 17 - 68946532302768223L;
            if ((i & 128) != 0) { l ^= i; } else { i ^= (int) (l >>> 21); }
            if (s.length() < 30) s += "k207";
            l = l * 17 - 84430216939532456L;
            if (s.length() < 30) s += "k209";
            i = i * 31 + 73504672;
            if ((i & 8) != 0) { l ^= i; } else { i ^= (int) (l >>> 17); }
            i = i * 31 + 850175635;
            i = i * 31 + 712576581;
            i = i * 31 + 357651431;
            if ((i & 64) != 0) { l ^= i; } else { i ^= (int) (l >>> 4); }
            f = f / 2 + 7.012482f;
            i = i * 31 + 132512927;
            i = i * 31 + 235438682;
            if (s.length() < 30) s += "k219";
            if ((i & 2) != 0) { l ^= i; } else { i ^= (int) (l >>> 8); }
            d = d / 3 + 705.7739192098217;
            f = f / 2 + 1.497300f;
            if (s.length() < 30) s += "k223";
            l = l * 17 - 9688576443742698L;
            if (s.length() < 30) s += "k225";
            l = l * 17 - 80057590699185151L;
            i = i * 31 + 708936917;
            f = f / 2 + 7.455261f;
            d = d / 3 + 57.56124534534901;
            if (s.length() < 30) s += "k230";
            i = i * 31 + 797118953;
            f = f / 2 + 8.784571f;
            l = l * 17 - 62210283453101650L;
            i = i * 31 + 337806559;
            if ((i & 128) != 0) { l ^= i; } else { i ^= (int) (l >>> 31); }
            d = d / 3 + 938.5380123269165;
            d = d / 3 + 914.7948403339924;
            l = l * 17 - 42474250255066705L;
            l = l * 17 - 90986549555941819L;
            if ((i & 16) != 0) { l ^= i; } else { i ^= (int) (l >>> 35); }
            if (s.length() < 30) s += "k241";
            if (s.length() < 30) s += "k242";
            l = l * 17 - 9106089122465572L;
            if (s.length() < 30) s += "k244";
            l = l * 17 - 40848339074404240L;
            if (s.length() < 30) s += "k246";
            l = l * 17 - 33783539026026042L;
            d = d / 3 + 453.3382262047595;
            f = f / 2 + 1.793204f;
            if ((i & 1) != 0) { l ^= i; } else { i ^= (int) (l >>> 21); }
            i = i * 31 + 615536238;
            if ((i & 1) != 0) { l ^= i; } else { i ^= (int) (l >>> 5); }
            i = i * 31 + 543854845;
            if (s.length() < 30) s += "k254";
            f = f / 2 + 2.385851f;
            f = f / 2 + 4.804679f;
            d = d / 3 + 107.57385042655154;
            if (s.length() < 30) s += "k258";
            i = i * 31 + 582116351;
            if ((i & 64) != 0) { l ^= i; } else { i ^= (int) (l >>> 3); }
            l = l * 17 - 98158671895512612L;
            l = l * 17 - 16728580124978087L;
            i = i * 31 + 978657128;
            if ((i & 128) != 0) { l ^= i; } else { i ^= (int) (l >>> 13); }
            l = l * 17 - 90042816962541039L;
            f = f / 2 + 3.542983f;
            l = l * 17 - 48028568931556514L;
            if (s.length() < 30) s += "k268";
            if ((i & 32) != 0) { l ^= i; } else { i ^= (int) (l >>> 24); }
            f = f / 2 + 1.364254f;
            d = d / 3 + 647.889698266332;
            if ((i & 64) != 0) { l ^= i; } else { i ^= (int) (l >>> 23); }
            if (s.length() < 30) s += "k273";
            i = i * 31 + 636368188;
            if (s.length() < 30) s += "k275";
            l = l * 17 - 26017954395522218L;
            f = f / 2 + 0.632815f;
            i = i * 31 + 35651280;
            l = l * 17 - 28188705866702526L;
            i = i * 31 + 526204787;
            f = f / 2 + 6.612474f;
            d = d / 3 + 0.43963214000819484;
            f = f / 2 + 3.005466f;
            if (s.length() < 30) s += "k284";
            f = f / 2 + 3.232585f;
            f = f / 2 + 0.997484f;
            l = l * 17 - 22920238925257540L;
            i = i * 31 + 402300294;
            f = f / 2 + 8.689165f;
            f = f / 2 + 1.521139f;
            d = d / 3 + 110.23682562583426;
            l = l * 17 - 41368704426180604L;
            if ((i & 8) != 0) { l ^= i; } else { i ^= (int) (l >>> 2); }
            f = f / 2 + 8.963582f;
            d = d / 3 + 924.5198350548615;
            d = d / 3 + 316.0648937370035;
            i = i * 31 + 738467556;
            i = i * 31 + 723541998;
            f = f / 2 + 4.717317f;
            l = l * 17 - 46735154042044248L;
            d = d / 3 + 453.8783332293138;
            l = l * 17 - 4832497449123232L;
            l = l * 17 - 3592847702457067L;
            if (s.length() < 30) s += "k304";
            l = l * 17 - 11270299061994109L;
            if (s.length() < 30) s += "k306";
            f = f / 2 + 9.116730f;
            if ((i & 32) != 0) { l ^= i; } else { i ^= (int) (l >>> 19); }
            l = l * 17 - 52091892226926858L;
            d = d / 3 + 66.87866696974409;
            if ((i & 128) != 0) { l ^= i; } else { i ^= (int) (l >>> 10); }
            l = l * 17 - 96872276561165875L;
            l = l * 17 - 6329709206916657L;
            if ((i & 64) != 0) { l ^= i; } else { i ^= (int) (l >>> 17); }
            i = i * 31 + 496016719;
            i = i * 31 + 486481440;
            if ((i & 64) != 0) { l ^= i; } else { i ^= (int) (l >>> 10); }
            i = i * 31 + 35763021;
            if (s.length() < 30) s += "k319";
            if (s.length() < 30) s += "k320";
            if (s.length() < 30) s += "k321";
            d = d / 3 + 939.5046688155431;
            if ((i & 2) != 0) { l ^= i; } else { i ^= (int) (l >>> 15); }
            f = f / 2 + 0.919467f;
            f = f / 2 + 0.537615f;
            l = l * 17 - 7271735996525896L;
            f = f / 2 + 3.973189f;
            i = i * 31 + 51473383;
            d = d / 3 + 833.4275812467333;
            f = f / 2 + 3.059489f;
            i = i * 31 + 939654680;
            i = i * 31 + 208879778;
            l = l * 17 - 73301201921720069L;
            if ((i & 64) != 0) { l ^= i; } else { i ^= (int) (l >>> 12); }
            if (s.length() < 30) s += "k335";
            l = l * 17 - 12511971751526094L;
            if (s.length() < 30) s += "k337";
            l = l * 17 - 10862139480027678L;
            if ((i & 8) != 0) { l ^= i; } else { i ^= (int) (l >>> 39); }
            i = i * 31 + 473787300;
            if (s.length() < 30) s += "k341";
            d = d / 3 + 486.54003011569847;
            if (s.length() < 30) s += "k343";
            f = f / 2 + 5.223162f;
            l = l * 17 - 1780294240655375L;
            d = d / 3 + 688.6052895265963;
            l = l * 17 - 16672237905858417L;
            l = l * 17 - 69639775012297861L;
            i = i * 31 + 837457235;
            d = d / 3 + 819.4376781776366;
            d = d / 3 + 132.6679299012834;
            if (s.length() < 30) s += "k352";
            i = i * 31 + 506427151;
            l = l * 17 - 12152481224450670L;
            f = f / 2 + 9.677696f;
            if ((i & 8) != 0) { l ^= i; } else { i ^= (int) (l >>> 17); }
            i = i * 31 + 529029936;
            if ((i & 8) != 0) { l ^= i; } else { i ^= (int) (l >>> 3); }
            if ((i & 8) != 0) { l ^= i; } else { i ^= (int) (l >>> 18); }
            d = d / 3 + 885.5298839400035;
            i = i * 31 + 451632163;
            d = d / 3 + 379.8644002699643;
            if (s.length() < 30) s += "k363";
            i = i * 31 + 962209292;
            d = d / 3 + 654.0981154167578;
            l = l * 17 - 4081206357218170L;
            f = f / 2 + 1.434715f;
            if ((i & 1) != 0) { l ^= i; } else { i ^= (int) (l >>> 3); }
            if ((i & 64) != 0) { l ^= i; } else { i ^= (int) (l >>> 17); }
            i = i * 31 + 871999968;
            f = f / 2 + 5.619308f;
            d = d / 3 + 65.92887868318442;
            l = l * 17 - 37843504305796454L;
            f = f / 2 + 6.758966f;
            d = d / 3 + 34.03572785499276;
            if (s.length() < 30) s += "k376";
            if ((i & 1) != 0) { l ^= i; } else { i ^= (int) (l >>> 1); }
            i = i * 31 + 54404157;
            l = l * 17 - 51470519372853078L;
            f = f / 2 + 8.597982f;
            if (s.length() < 30) s += "k381";
            i = i * 31 + 248178670;
            if (s.length() < 30) s += "k383";
            f = f / 2 + 1.253232f;
            l = l * 17 - 51628331520436008L;
            i = i * 31 + 175376834;
            if (s.length() < 30) s += "k387";
            if (s.length() < 30) s += "k388";
            l = l * 17 - 38645924275242716L;
            if (s.length() < 30) s += "k390";
            if (s.length() < 30) s += "k391";
            l = l * 17 - 64306399868042571L;
            f = f / 2 + 7.947757f;
            i = i * 31 + 358116548;
            d = d / 3 + 445.83002414548076;
            l = l * 17 - 85925355337010271L;
            f = f / 2 + 1.715267f;
            i = i * 31 + 824137857;
            if ((i & 4) != 0) { l ^= i; } else { i ^= (int) (l >>> 34); }
            f = f / 2 + 9.696652f;
            if (s.length() < 30) s += "k401";
            i = i * 31 + 111239980;
            l = l * 17 - 98790706355466613L;
            i = i * 31 + 222902954;
            i = i * 31 + 35334552;
            if (s.length() < 30) s += "k406";
            l = l * 17 - 51058116850668487L;
            f = f / 2 + 4.641900f;
            l = l * 17 - 43699559344038065L;
            if (s.length() < 30) s += "k410";
            if (s.length() < 30) s += "k411";
            d = d / 3 + 764.5665910175452;
            l = l * 17 - 50695537794000755L;
            l = l * 17 - 89085418761317595L;
            f = f / 2 + 4.008574f;
            l = l * 17 - 70632736776189381L;
            f = f / 2 + 0.377440f;
            l = l * 17 - 14227069398227687L;
            if ((i & 16) != 0) { l ^= i; } else { i ^= (int) (l >>> 12); }
            if (i == 123456) break outer;
        }
        return i + " " + l + " " + d + " " + f + " " + s;
    }
    static int jumps(int x) {
        int acc = 0;
        for (int k = 0; k < 3; k++) {
            switch (x + k) {
                case 0: acc += 100000; if (acc > 100000000) return acc; acc -= x;
                case 3: acc += 100001; if (acc > 100000000) return acc; break;
                case 6: acc += 100004; if (acc > 100000000) return acc; break;
                case 9: acc += 100009; if (acc > 100000000) return acc; break;
                case 12: acc += 100016; if (acc > 100000000) return acc; break;
                case 15: acc += 100025; if (acc > 100000000) return acc; acc -= x;
                case 18: acc += 100036; if (acc > 100000000) return acc; break;
                case 21: acc += 100049; if (acc > 100000000) return acc; break;
                case 24: acc += 100064; if (acc > 100000000) return acc; break;
                case 27: acc += 100081; if (acc > 100000000) return acc; break;
                case 30: acc += 100100; if (acc > 100000000) return acc; acc -= x;
                case 33: acc += 100121; if (acc > 100000000) return acc; break;
                case 36: acc += 100144; if (acc > 100000000) return acc; break;
                case 39: acc += 100169; if (acc > 100000000) return acc; break;
                case 42: acc += 100196; if (acc > 100000000) return acc; break;
                case 45: acc += 100225; if (acc > 100000000) return acc; acc -= x;
                case 48: acc += 100256; if (acc > 100000000) return acc; break;
                case 51: acc += 100289; if (acc > 100000000) return acc; break;
                case 54: acc += 100324; if (acc > 100000000) return acc; break;
                case 57: acc += 100361; if (acc > 100000000) return acc; break;
                case 60: acc += 100400; if (acc > 100000000) return acc; acc -= x;
                case 63: acc += 100441; if (acc > 100000000) return acc; break;
                case 66: acc += 100484; if (acc > 100000000) return acc; break;
                case 69: acc += 100529; if (acc > 100000000) return acc; break;
                case 72: acc += 100576; if (acc > 100000000) return acc; break;
                case 75: acc += 100625; if (acc > 100000000) return acc; acc -= x;
                case 78: acc += 100676; if (acc > 100000000) return acc; break;
                case 81: acc += 100729; if (acc > 100000000) return acc; break;
                case 84: acc += 100784; if (acc > 100000000) return acc; break;
                case 87: acc += 100841; if (acc > 100000000) return acc; break;
                case 90: acc += 100900; if (acc > 100000000) return acc; acc -= x;
                case 93: acc += 100961; if (acc > 100000000) return acc; break;
                case 96: acc += 101024; if (acc > 100000000) return acc; break;
                case 99: acc += 101089; if (acc > 100000000) return acc; break;
                case 102: acc += 101156; if (acc > 100000000) return acc; break;
                case 105: acc += 101225; if (acc > 100000000) return acc; acc -= x;
                case 108: acc += 101296; if (acc > 100000000) return acc; break;
                case 111: acc += 101369; if (acc > 100000000) return acc; break;
                case 114: acc += 101444; if (acc > 100000000) return acc; break;
                case 117: acc += 101521; if (acc > 100000000) return acc; break;
                case 120: acc += 101600; if (acc > 100000000) return acc; acc -= x;
                case 123: acc += 101681; if (acc > 100000000) return acc; break;
                case 126: acc += 101764; if (acc > 100000000) return acc; break;
                case 129: acc += 101849; if (acc > 100000000) return acc; break;
                case 132: acc += 101936; if (acc > 100000000) return acc; break;
                case 135: acc += 102025; if (acc > 100000000) return acc; acc -= x;
                case 138: acc += 102116; if (acc > 100000000) return acc; break;
                case 141: acc += 102209; if (acc > 100000000) return acc; break;
                case 144: acc += 102304; if (acc > 100000000) return acc; break;
                case 147: acc += 102401; if (acc > 100000000) return acc; break;
                case 150: acc += 102500; if (acc > 100000000) return acc; acc -= x;
                case 153: acc += 102601; if (acc > 100000000) return acc; break;
                case 156: acc += 102704; if (acc > 100000000) return acc; break;
                case 159: acc += 102809; if (acc > 100000000) return acc; break;
                case 162: acc += 102916; if (acc > 100000000) return acc; break;
                case 165: acc += 103025; if (acc > 100000000) return acc; acc -= x;
                case 168: acc += 103136; if (acc > 100000000) return acc; break;
                case 171: acc += 103249; if (acc > 100000000) return acc; break;
                case 174: acc += 103364; if (acc > 100000000) return acc; break;
                case 177: acc += 103481; if (acc > 100000000) return acc; break;
                case 180: acc += 103600; if (acc > 100000000) return acc; acc -= x;
                case 183: acc += 103721; if (acc > 100000000) return acc; break;
                case 186: acc += 103844; if (acc > 100000000) return acc; break;
                case 189: acc += 103969; if (acc > 100000000) return acc; break;
                case 192: acc += 104096; if (acc > 100000000) return acc; break;
                case 195: acc += 104225; if (acc > 100000000) return acc; acc -= x;
                case 198: acc += 104356; if (acc > 100000000) return acc; break;
                case 201: acc += 104489; if (acc > 100000000) return acc; break;
                case 204: acc += 104624; if (acc > 100000000) return acc; break;
                case 207: acc += 104761; if (acc > 100000000) return acc; break;
                case 210: acc += 104900; if (acc > 100000000) return acc; acc -= x;
                case 213: acc += 105041; if (acc > 100000000) return acc; break;
                case 216: acc += 105184; if (acc > 100000000) return acc; break;
                case 219: acc += 105329; if (acc > 100000000) return acc; break;
                case 222: acc += 105476; if (acc > 100000000) return acc; break;
                case 225: acc += 105625; if (acc > 100000000) return acc; acc -= x;
                case 228: acc += 105776; if (acc > 100000000) return acc; break;
                case 231: acc += 105929; if (acc > 100000000) return acc; break;
                case 234: acc += 106084; if (acc > 100000000) return acc; break;
                case 237: acc += 106241; if (acc > 100000000) return acc; break;
                case 240: acc += 106400; if (acc > 100000000) return acc; acc -= x;
                case 243: acc += 106561; if (acc > 100000000) return acc; break;
                case 246: acc += 106724; if (acc > 100000000) return acc; break;
                case 249: acc += 106889; if (acc > 100000000) return acc; break;
                case 252: acc += 107056; if (acc > 100000000) return acc; break;
                case 255: acc += 107225; if (acc > 100000000) return acc; acc -= x;
                case 258: acc += 107396; if (acc > 100000000) return acc; break;
                case 261: acc += 107569; if (acc > 100000000) return acc; break;
                case 264: acc += 107744; if (acc > 100000000) return acc; break;
                case 267: acc += 107921; if (acc > 100000000) return acc; break;
                case 270: acc += 108100; if (acc > 100000000) return acc; acc -= x;
                case 273: acc += 108281; if (acc > 100000000) return acc; break;
                case 276: acc += 108464; if (acc > 100000000) return acc; break;
                case 279: acc += 108649; if (acc > 100000000) return acc; break;
                case 282: acc += 108836; if (acc > 100000000) return acc; break;
                case 285: acc += 109025; if (acc > 100000000) return acc; acc -= x;
                case 288: acc += 109216; if (acc > 100000000) return acc; break;
                case 291: acc += 109409; if (acc > 100000000) return acc; break;
                case 294: acc += 109604; if (acc > 100000000) return acc; break;
                case 297: acc += 109801; if (acc > 100000000) return acc; break;
                case 300: acc += 110000; if (acc > 100000000) return acc; acc -= x;
                case 303: acc += 110201; if (acc > 100000000) return acc; break;
                case 306: acc += 110404; if (acc > 100000000) return acc; break;
                case 309: acc += 110609; if (acc > 100000000) return acc; break;
                case 312: acc += 110816; if (acc > 100000000) return acc; break;
                case 315: acc += 111025; if (acc > 100000000) return acc; acc -= x;
                case 318: acc += 111236; if (acc > 100000000) return acc; break;
                case 321: acc += 111449; if (acc > 100000000) return acc; break;
                case 324: acc += 111664; if (acc > 100000000) return acc; break;
                case 327: acc += 111881; if (acc > 100000000) return acc; break;
                case 330: acc += 112100; if (acc > 100000000) return acc; acc -= x;
                case 333: acc += 112321; if (acc > 100000000) return acc; break;
                case 336: acc += 112544; if (acc > 100000000) return acc; break;
                case 339: acc += 112769; if (acc > 100000000) return acc; break;
                case 342: acc += 112996; if (acc > 100000000) return acc; break;
                case 345: acc += 113225; if (acc > 100000000) return acc; acc -= x;
                case 348: acc += 113456; if (acc > 100000000) return acc; break;
                case 351: acc += 113689; if (acc > 100000000) return acc; break;
                case 354: acc += 113924; if (acc > 100000000) return acc; break;
                case 357: acc += 114161; if (acc > 100000000) return acc; break;
                case 360: acc += 114400; if (acc > 100000000) return acc; acc -= x;
                case 363: acc += 114641; if (acc > 100000000) return acc; break;
                case 366: acc += 114884; if (acc > 100000000) return acc; break;
                case 369: acc += 115129; if (acc > 100000000) return acc; break;
                case 372: acc += 115376; if (acc > 100000000) return acc; break;
                case 375: acc += 115625; if (acc > 100000000) return acc; acc -= x;
                case 378: acc += 115876; if (acc > 100000000) return acc; break;
                case 381: acc += 116129; if (acc > 100000000) return acc; break;
                case 384: acc += 116384; if (acc > 100000000) return acc; break;
                case 387: acc += 116641; if (acc > 100000000) return acc; break;
                case 390: acc += 116900; if (acc > 100000000) return acc; acc -= x;
                case 393: acc += 117161; if (acc > 100000000) return acc; break;
                case 396: acc += 117424; if (acc > 100000000) return acc; break;
                case 399: acc += 117689; if (acc > 100000000) return acc; break;
                case 402: acc += 117956; if (acc > 100000000) return acc; break;
                case 405: acc += 118225; if (acc > 100000000) return acc; acc -= x;
                case 408: acc += 118496; if (acc > 100000000) return acc; break;
                case 411: acc += 118769; if (acc > 100000000) return acc; break;
                case 414: acc += 119044; if (acc > 100000000) return acc; break;
                case 417: acc += 119321; if (acc > 100000000) return acc; break;
                case 420: acc += 119600; if (acc > 100000000) return acc; acc -= x;
                case 423: acc += 119881; if (acc > 100000000) return acc; break;
                case 426: acc += 120164; if (acc > 100000000) return acc; break;
                case 429: acc += 120449; if (acc > 100000000) return acc; break;
                case 432: acc += 120736; if (acc > 100000000) return acc; break;
                case 435: acc += 121025; if (acc > 100000000) return acc; acc -= x;
                case 438: acc += 121316; if (acc > 100000000) return acc; break;
                case 441: acc += 121609; if (acc > 100000000) return acc; break;
                case 444: acc += 121904; if (acc > 100000000) return acc; break;
                case 447: acc += 122201; if (acc > 100000000) return acc; break;
                case 450: acc += 122500; if (acc > 100000000) return acc; acc -= x;
                case 453: acc += 122801; if (acc > 100000000) return acc; break;
                case 456: acc += 123104; if (acc > 100000000) return acc; break;
                case 459: acc += 123409; if (acc > 100000000) return acc; break;
                case 462: acc += 123716; if (acc > 100000000) return acc; break;
                case 465: acc += 124025; if (acc > 100000000) return acc; acc -= x;
                case 468: acc += 124336; if (acc > 100000000) return acc; break;
                case 471: acc += 124649; if (acc > 100000000) return acc; break;
                case 474: acc += 124964; if (acc > 100000000) return acc; break;
                case 477: acc += 125281; if (acc > 100000000) return acc; break;
                case 480: acc += 125600; if (acc > 100000000) return acc; acc -= x;
                case 483: acc += 125921; if (acc > 100000000) return acc; break;
                case 486: acc += 126244; if (acc > 100000000) return acc; break;
                case 489: acc += 126569; if (acc > 100000000) return acc; break;
                case 492: acc += 126896; if (acc > 100000000) return acc; break;
                case 495: acc += 127225; if (acc > 100000000) return acc; acc -= x;
                case 498: acc += 127556; if (acc > 100000000) return acc; break;
                case 501: acc += 127889; if (acc > 100000000) return acc; break;
                case 504: acc += 128224; if (acc > 100000000) return acc; break;
                case 507: acc += 128561; if (acc > 100000000) return acc; break;
                case 510: acc += 128900; if (acc > 100000000) return acc; acc -= x;
                case 513: acc += 129241; if (acc > 100000000) return acc; break;
                case 516: acc += 129584; if (acc > 100000000) return acc; break;
                case 519: acc += 129929; if (acc > 100000000) return acc; break;
                case 522: acc += 130276; if (acc > 100000000) return acc; break;
                case 525: acc += 130625; if (acc > 100000000) return acc; acc -= x;
                case 528: acc += 130976; if (acc > 100000000) return acc; break;
                case 531: acc += 131329; if (acc > 100000000) return acc; break;
                case 534: acc += 131684; if (acc > 100000000) return acc; break;
                case 537: acc += 132041; if (acc > 100000000) return acc; break;
                case 540: acc += 132400; if (acc > 100000000) return acc; acc -= x;
                case 543: acc += 132761; if (acc > 100000000) return acc; break;
                case 546: acc += 133124; if (acc > 100000000) return acc; break;
                case 549: acc += 133489; if (acc > 100000000) return acc; break;
                case 552: acc += 133856; if (acc > 100000000) return acc; break;
                case 555: acc += 134225; if (acc > 100000000) return acc; acc -= x;
                case 558: acc += 134596; if (acc > 100000000) return acc; break;
                case 561: acc += 134969; if (acc > 100000000) return acc; break;
                case 564: acc += 135344; if (acc > 100000000) return acc; break;
                case 567: acc += 135721; if (acc > 100000000) return acc; break;
                case 570: acc += 136100; if (acc > 100000000) return acc; acc -= x;
                case 573: acc += 136481; if (acc > 100000000) return acc; break;
                case 576: acc += 136864; if (acc > 100000000) return acc; break;
                case 579: acc += 137249; if (acc > 100000000) return acc; break;
                case 582: acc += 137636; if (acc > 100000000) return acc; break;
                case 585: acc += 138025; if (acc > 100000000) return acc; acc -= x;
                case 588: acc += 138416; if (acc > 100000000) return acc; break;
                case 591: acc += 138809; if (acc > 100000000) return acc; break;
                case 594: acc += 139204; if (acc > 100000000) return acc; break;
                case 597: acc += 139601; if (acc > 100000000) return acc; break;
                case 600: acc += 140000; if (acc > 100000000) return acc; acc -= x;
                case 603: acc += 140401; if (acc > 100000000) return acc; break;
                case 606: acc += 140804; if (acc > 100000000) return acc; break;
                case 609: acc += 141209; if (acc > 100000000) return acc; break;
                case 612: acc += 141616; if (acc > 100000000) return acc; break;
                case 615: acc += 142025; if (acc > 100000000) return acc; acc -= x;
                case 618: acc += 142436; if (acc > 100000000) return acc; break;
                case 621: acc += 142849; if (acc > 100000000) return acc; break;
                case 624: acc += 143264; if (acc > 100000000) return acc; break;
                case 627: acc += 143681; if (acc > 100000000) return acc; break;
                case 630: acc += 144100; if (acc > 100000000) return acc; acc -= x;
                case 633: acc += 144521; if (acc > 100000000) return acc; break;
                case 636: acc += 144944; if (acc > 100000000) return acc; break;
                case 639: acc += 145369; if (acc > 100000000) return acc; break;
                case 642: acc += 145796; if (acc > 100000000) return acc; break;
                case 645: acc += 146225; if (acc > 100000000) return acc; acc -= x;
                case 648: acc += 146656; if (acc > 100000000) return acc; break;
                case 651: acc += 147089; if (acc > 100000000) return acc; break;
                case 654: acc += 147524; if (acc > 100000000) return acc; break;
                case 657: acc += 147961; if (acc > 100000000) return acc; break;
                case 660: acc += 148400; if (acc > 100000000) return acc; acc -= x;
                case 663: acc += 148841; if (acc > 100000000) return acc; break;
                case 666: acc += 149284; if (acc > 100000000) return acc; break;
                case 669: acc += 149729; if (acc > 100000000) return acc; break;
                case 672: acc += 150176; if (acc > 100000000) return acc; break;
                case 675: acc += 150625; if (acc > 100000000) return acc; acc -= x;
                case 678: acc += 151076; if (acc > 100000000) return acc; break;
                case 681: acc += 151529; if (acc > 100000000) return acc; break;
                case 684: acc += 151984; if (acc > 100000000) return acc; break;
                case 687: acc += 152441; if (acc > 100000000) return acc; break;
                case 690: acc += 152900; if (acc > 100000000) return acc; acc -= x;
                case 693: acc += 153361; if (acc > 100000000) return acc; break;
                case 696: acc += 153824; if (acc > 100000000) return acc; break;
                case 699: acc += 154289; if (acc > 100000000) return acc; break;
                case 702: acc += 154756; if (acc > 100000000) return acc; break;
                case 705: acc += 155225; if (acc > 100000000) return acc; acc -= x;
                case 708: acc += 155696; if (acc > 100000000) return acc; break;
                case 711: acc += 156169; if (acc > 100000000) return acc; break;
                case 714: acc += 156644; if (acc > 100000000) return acc; break;
                case 717: acc += 157121; if (acc > 100000000) return acc; break;
                case 720: acc += 157600; if (acc > 100000000) return acc; acc -= x;
                case 723: acc += 158081; if (acc > 100000000) return acc; break;
                case 726: acc += 158564; if (acc > 100000000) return acc; break;
                case 729: acc += 159049; if (acc > 100000000) return acc; break;
                case 732: acc += 159536; if (acc > 100000000) return acc; break;
                case 735: acc += 160025; if (acc > 100000000) return acc; acc -= x;
                case 738: acc += 160516; if (acc > 100000000) return acc; break;
                case 741: acc += 161009; if (acc > 100000000) return acc; break;
                case 744: acc += 161504; if (acc > 100000000) return acc; break;
                case 747: acc += 162001; if (acc > 100000000) return acc; break;
                case 750: acc += 162500; if (acc > 100000000) return acc; acc -= x;
                case 753: acc += 163001; if (acc > 100000000) return acc; break;
                case 756: acc += 163504; if (acc > 100000000) return acc; break;
                case 759: acc += 164009; if (acc > 100000000) return acc; break;
                case 762: acc += 164516; if (acc > 100000000) return acc; break;
                case 765: acc += 165025; if (acc > 100000000) return acc; acc -= x;
                case 768: acc += 165536; if (acc > 100000000) return acc; break;
                case 771: acc += 166049; if (acc > 100000000) return acc; break;
                case 774: acc += 166564; if (acc > 100000000) return acc; break;
                case 777: acc += 167081; if (acc > 100000000) return acc; break;
                case 780: acc += 167600; if (acc > 100000000) return acc; acc -= x;
                case 783: acc += 168121; if (acc > 100000000) return acc; break;
                case 786: acc += 168644; if (acc > 100000000) return acc; break;
                case 789: acc += 169169; if (acc > 100000000) return acc; break;
                case 792: acc += 169696; if (acc > 100000000) return acc; break;
                case 795: acc += 170225; if (acc > 100000000) return acc; acc -= x;
                case 798: acc += 170756; if (acc > 100000000) return acc; break;
                case 801: acc += 171289; if (acc > 100000000) return acc; break;
                case 804: acc += 171824; if (acc > 100000000) return acc; break;
                case 807: acc += 172361; if (acc > 100000000) return acc; break;
                case 810: acc += 172900; if (acc > 100000000) return acc; acc -= x;
                case 813: acc += 173441; if (acc > 100000000) return acc; break;
                case 816: acc += 173984; if (acc > 100000000) return acc; break;
                case 819: acc += 174529; if (acc > 100000000) return acc; break;
                case 822: acc += 175076; if (acc > 100000000) return acc; break;
                case 825: acc += 175625; if (acc > 100000000) return acc; acc -= x;
                case 828: acc += 176176; if (acc > 100000000) return acc; break;
                case 831: acc += 176729; if (acc > 100000000) return acc; break;
                case 834: acc += 177284; if (acc > 100000000) return acc; break;
                case 837: acc += 177841; if (acc > 100000000) return acc; break;
                case 840: acc += 178400; if (acc > 100000000) return acc; acc -= x;
                case 843: acc += 178961; if (acc > 100000000) return acc; break;
                case 846: acc += 179524; if (acc > 100000000) return acc; break;
                case 849: acc += 180089; if (acc > 100000000) return acc; break;
                case 852: acc += 180656; if (acc > 100000000) return acc; break;
                case 855: acc += 181225; if (acc > 100000000) return acc; acc -= x;
                case 858: acc += 181796; if (acc > 100000000) return acc; break;
                case 861: acc += 182369; if (acc > 100000000) return acc; break;
                case 864: acc += 182944; if (acc > 100000000) return acc; break;
                case 867: acc += 183521; if (acc > 100000000) return acc; break;
                case 870: acc += 184100; if (acc > 100000000) return acc; acc -= x;
                case 873: acc += 184681; if (acc > 100000000) return acc; break;
                case 876: acc += 185264; if (acc > 100000000) return acc; break;
                case 879: acc += 185849; if (acc > 100000000) return acc; break;
                case 882: acc += 186436; if (acc > 100000000) return acc; break;
                case 885: acc += 187025; if (acc > 100000000) return acc; acc -= x;
                case 888: acc += 187616; if (acc > 100000000) return acc; break;
                case 891: acc += 188209; if (acc > 100000000) return acc; break;
                case 894: acc += 188804; if (acc > 100000000) return acc; break;
                case 897: acc += 189401; if (acc > 100000000) return acc; break;
                default: acc ^= 0x5555;
            }
        }
        return acc;
    }
    public static void main(String[] args) {
        for (int n = -2; n <= 2; n++) { System.out.println(big(n)); }
        long sum = 0; for (int x = -5; x < 920; x++) { sum = sum * 13 + jumps(x); }
        System.out.println(sum);
    }
}
