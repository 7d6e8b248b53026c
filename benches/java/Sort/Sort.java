import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;

/**
 * Guards: sorting: the library's merge sort with comparators and natural order, its sort of primitives, and a
 * quicksort of the program's own over an int array.
 */
public final class Sort {
    private static final int DEFAULT_ROUNDS = 100;
    private static final int LENGTH = 3_000;
    private static final long EXPECTED = 7_050_930_454_602_087_876L;

    private static final class Person {
        final int age;
        final String name;

        Person(int age, String name) {
            this.age = age;
            this.name = name;
        }
    }

    // Classes, not lambdas: the cost of those is measured by Lambdas and Streams.

    private static final class ByAge implements Comparator<Person> {
        @Override
        public int compare(Person one, Person other) {
            return Integer.compare(one.age, other.age);
        }
    }

    private static final class ByName implements Comparator<Person> {
        @Override
        public int compare(Person one, Person other) {
            return one.name.compareTo(other.name);
        }
    }

    private static int[] numbers() {
        int[] numbers = new int[LENGTH];
        int seed = 12_345;
        for (int i = 0; i < LENGTH; i++) {
            seed = seed * 1103515245 + 12345;
            numbers[i] = seed >> 4;
        }
        return numbers;
    }

    private static void quicksort(int[] numbers, int first, int last) {
        int from = first;
        int to = last;
        while (from < to) {
            if (to - from < 12) {
                insertionSort(numbers, from, to);
                return;
            }
            int pivot = middle(numbers[from], numbers[(from + to) >>> 1], numbers[to]);
            int low = from;
            int high = to;
            while (low <= high) {
                while (numbers[low] < pivot) {
                    low++;
                }
                while (numbers[high] > pivot) {
                    high--;
                }
                if (low <= high) {
                    int kept = numbers[low];
                    numbers[low] = numbers[high];
                    numbers[high] = kept;
                    low++;
                    high--;
                }
            }
            // The smaller part by recursion, the larger by another turn, so that the stack stays low.
            if (high - from < to - low) {
                quicksort(numbers, from, high);
                from = low;
            } else {
                quicksort(numbers, low, to);
                to = high;
            }
        }
    }

    private static int middle(int a, int b, int c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    private static void insertionSort(int[] numbers, int first, int last) {
        for (int i = first + 1; i <= last; i++) {
            int number = numbers[i];
            int at = i;
            while (at > first && numbers[at - 1] > number) {
                numbers[at] = numbers[at - 1];
                at--;
            }
            numbers[at] = number;
        }
    }

    private static long run(int[] numbers) {
        int[] own = numbers.clone();
        quicksort(own, 0, LENGTH - 1);
        int[] library = numbers.clone();
        Arrays.sort(library);
        if (!Arrays.equals(own, library)) {
            throw new IllegalStateException("quicksort and the library differ");
        }

        ArrayList<Integer> boxed = new ArrayList<>();
        ArrayList<Person> people = new ArrayList<>();
        for (int number : numbers) {
            boxed.add(number);
            people.add(new Person(number & 63, Integer.toString(number >>> 7, 36)));
        }
        Collections.sort(boxed, Collections.reverseOrder());
        Collections.sort(people, new ByName());
        Collections.sort(people, new ByAge()); // stable: equal ages stay sorted by name

        long sum = 0;
        for (int i = 0; i < LENGTH; i++) {
            if (boxed.get(i) != own[LENGTH - 1 - i]) {
                throw new IllegalStateException("the reverse order is not the order reversed");
            }
            Person person = people.get(i);
            if (i > 0) {
                Person before = people.get(i - 1);
                if (before.age > person.age || before.age == person.age && before.name.compareTo(person.name) > 0) {
                    throw new IllegalStateException("the people are not sorted, or the sort is not stable");
                }
            }
            sum = sum * 31 + person.name.hashCode() + own[i];
        }
        return sum;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        int[] numbers = numbers();
        for (int round = 0; round < rounds; round++) {
            long checksum = run(numbers);
            if (checksum != EXPECTED) {
                System.out.print("Sort: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("Sort ");
        System.out.println(EXPECTED);
    }
}
