public class Main {
    static int div(int a, int b) { return a / b; }
    static int rem(int a, int b) { return a % b; }

    public static void main(String[] args) {
        int[] v = {0, 1, -1, 2, -2, 7, -7, 10, 46341, -46341, 65535, 65536, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1};
        for (int a : v) {
            StringBuilder s = new StringBuilder();
            s.append(a).append(": neg ").append(-a).append(" inv ").append(~a);
            for (int b : v) {
                s.append(" [").append(a + b).append(' ').append(a - b).append(' ').append(a * b).append(' ');
                try {
                    s.append(div(a, b)).append(' ').append(rem(a, b));
                } catch (ArithmeticException e) {
                    s.append(e.getMessage());
                }
                s.append(' ').append(a & b).append(' ').append(a | b).append(' ').append(a ^ b).append(']');
            }
            System.out.println(s);
        }
        int x = 5;
        x += 3.99;
        System.out.println(x);
        x -= 1L << 33;
        System.out.println(x);
        x *= -1.5f;
        System.out.println(x);
        byte b = 120;
        b += 10;
        System.out.println(b);
        b++;
        b >>>= 1;
        System.out.println(b);
        short s = (short) 40000;
        s /= 7;
        System.out.println(s);
        char c = 'a';
        c += 1;
        c++;
        System.out.println(c);
        c *= 1000;
        System.out.println((int) c);
        int i = 10;
        i = i++ + ++i;
        System.out.println(i);
        int[] arr = {1, 2, 3};
        int k = 0;
        arr[k++] += arr[k++] * 10 + k;
        System.out.println(arr[0] + " " + k);
        int big = 0;
        for (int n = 0; n < 1000; n++) {
            big = big * 31 + n;
        }
        System.out.println(big);
        System.out.println(Math.floorDiv(-7, 2) + " " + Math.floorMod(-7, 2) + " " + Math.floorMod(7, -2));
        for (int d : new int[] {1, -1, 3, Integer.MIN_VALUE}) {
            System.out.println(Integer.divideUnsigned(-1, d) + " " + Integer.remainderUnsigned(-1, d));
        }
        try {
            Math.addExact(Integer.MAX_VALUE, 1);
        } catch (ArithmeticException e) {
            System.out.println(e.getMessage());
        }
        try {
            Math.negateExact(Integer.MIN_VALUE);
        } catch (ArithmeticException e) {
            System.out.println(e.getMessage());
        }
        try {
            Math.toIntExact(1L << 31);
        } catch (ArithmeticException e) {
            System.out.println(e.getMessage());
        }
    }
}
