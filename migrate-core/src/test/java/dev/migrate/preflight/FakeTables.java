package dev.migrate.preflight;

import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Fields;
import dev.migrate.table.KeyRange;
import dev.migrate.table.Objection;
import dev.migrate.table.Objection.Rule;
import dev.migrate.table.Row;
import dev.migrate.table.RowTrial;
import dev.migrate.table.Shape;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tables in memory, as far as a preflight asks them. */
final class FakeTables {
    private FakeTables() {}

    static Column column(String name, Kind kind) {
        return new Column(name, kind, "", -1, false, false);
    }

    /** A table of rows, the first value of each being its key, in order. */
    static TableSide legacy(Shape shape, List<Object[]> rows, List<Integer> scanned) {
        List<Row> all = rows.stream()
                .map(values -> new Row(key(values[0]), new Fields(shape.names(), values)))
                .toList();
        return table((proxy, method, arguments) -> switch (method.getName()) {
            case "name" -> shape.table();
            case "shape" -> shape;
            case "last" ->
                all.isEmpty()
                        ? Optional.empty()
                        : Optional.of(all.get(all.size() - 1).key());
            case "boundary" ->
                in(all, (KeyRange) arguments[0]).stream()
                        .skip((int) arguments[1] - 1L)
                        .findFirst()
                        .map(Row::key);
            case "scan" -> {
                List<Row> piece = in(all, (KeyRange) arguments[0]);
                scanned.add(piece.size());
                for (Row row : piece) {
                    sink(arguments[1]).accept(row);
                }
                yield null;
            }
            default -> throw new AssertionError(method);
        });
    }

    @SuppressWarnings("unchecked")
    private static TableSide.Sink<Row> sink(Object argument) {
        return (TableSide.Sink<Row>) argument;
    }

    private static TableKey key(Object value) {
        return new TableKey(List.of(value), "l:" + value);
    }

    private static List<Row> in(List<Row> rows, KeyRange range) {
        return rows.stream()
                .filter(row -> range.after() == null || number(row.key()) > number(range.after()))
                .filter(row -> range.upTo() == null || number(row.key()) <= number(range.upTo()))
                .toList();
    }

    private static long number(TableKey key) {
        return (Long) key.values().get(0);
    }

    /** A table whose trial objects to every value of column {@code c} that is longer than three characters. */
    static TableSide target(Shape shape, List<String> taken) {
        return table((proxy, method, arguments) -> switch (method.getName()) {
            case "name" -> shape.table();
            case "shape" -> shape;
            case "trial" -> new ShortText((RowTrial.Findings) arguments[1], taken);
            default -> throw new AssertionError(method);
        });
    }

    /** A table of a kind that has no trial. */
    static TableSide withoutTrial(Shape shape) {
        return table((proxy, method, arguments) -> switch (method.getName()) {
            case "name" -> shape.table();
            case "shape" -> shape;
            default -> InvocationHandler.invokeDefault(proxy, method, arguments);
        });
    }

    private static TableSide table(InvocationHandler handler) {
        return (TableSide)
                Proxy.newProxyInstance(TableSide.class.getClassLoader(), new Class<?>[] {TableSide.class}, handler);
    }

    private record ShortText(RowTrial.Findings findings, List<String> taken, List<String> ended) implements RowTrial {
        ShortText(RowTrial.Findings findings, List<String> taken) {
            this(findings, taken, new ArrayList<>());
        }

        @Override
        public void take(TableKey key, Fields mapped) {
            taken.add(key.canonical());
            String text = mapped.text("c");
            if (text != null && text.length() > 3) {
                Objection objection = new Objection(Rule.LENGTH, List.of("c"), "at most 3 characters are held");
                findings.add(objection, 1, true, List.of(key.canonical()));
            }
        }

        @Override
        public void finish() {
            taken.add("finish");
            findings.add(new Objection(Rule.UNIQUE, List.of("c"), "rows are alike"), 40, false, List.of("l:1", "l:2"));
            findings.unseen("a thing");
        }

        @Override
        public void close() {
            taken.add("close");
        }
    }
}
