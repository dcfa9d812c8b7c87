package dev.ludovic.netlib.blas;

/**
 * Prints what the BLAS of a Spark answers, one product a line, its doubles as hexadecimal bits.
 * See golden/README.md for how to run it.
 */
public final class Reference {
    /** A number that is the same in every language: one division of whole numbers. */
    private static double[] values(int count, int seed) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = ((i * 7919L + seed * 10473L) % 10007 - 5003) / 97.0;
        }
        return values;
    }

    private static void print(String name, double... values) {
        StringBuilder line = new StringBuilder(name);
        for (double value : values) {
            line.append(' ').append(String.format("%016x", Double.doubleToRawLongBits(value)));
        }
        System.out.println(line);
    }

    public static void main(String[] arguments) {
        BLAS blas = JavaBLAS.getInstance();
        for (int n : new int[] {0, 1, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 31, 33, 100, 255, 256, 300, 1000}) {
            print("vectors " + n, blas.ddot(n, values(n, 1), 1, values(n, 2), 1));
        }
        for (int m : new int[] {1, 3, 4, 5, 8, 9, 17}) {
            for (int n : new int[] {1, 2, 4, 5, 8, 9, 12, 17, 33}) {
                double[] matrix = values(m * n, 3);
                double[] sums = values(m, 5);
                blas.dgemv("N", m, n, -1.0, matrix, m, values(n, 4), 1, 1.0, sums, 1);
                print("columns " + m + " " + n, sums);
                sums = values(m, 5);
                blas.dgemv("T", n, m, 1.0, matrix, n, values(n, 4), 1, 1.0, sums, 1);
                print("rows " + m + " " + n, sums);
                sums = values(m, 5);
                blas.dgemm("N", "N", m, 1, n, 1.0, matrix, m, values(n, 4), n, 1.0, sums, m);
                print("layer " + m + " " + n, sums);
            }
        }
        for (int n : new int[] {250_000, 250_001}) {
            double[] sums = values(4, 5);
            blas.dgemm("N", "N", 4, 1, n, 1.0, values(4 * n, 3), 4, values(n, 4), n, 1.0, sums, 4);
            print("layer 4 " + n, sums);
        }
    }
}
