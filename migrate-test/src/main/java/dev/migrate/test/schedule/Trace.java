package dev.migrate.test.schedule;

import dev.migrate.side.SideBooks.SegmentRole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What happened in a run, line by line; the same text for the same run. */
final class Trace {
    private static final int LONGEST = 160;

    /** What differs between two runs under one seed, and means nothing: names of workers, identities of objects. */
    private static final Pattern CHANCE =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|@[0-9a-f]{5,8}\\b");

    private final List<String> lines = new ArrayList<>();

    void add(long step, long nanos, @Nullable Actor actor, String what) {
        lines.add(String.format(
                Locale.ROOT, "%5d %11.3f ms  %-18s %s", step, nanos / 1e6, actor == null ? "" : actor, what));
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    static String call(String call, @Nullable Object[] arguments) {
        return Arrays.stream(arguments).map(Trace::value).collect(Collectors.joining(", ", call + "(", ")"));
    }

    static String value(@Nullable Object value) {
        if (value != null && value.getClass().isHidden()) {
            return "..";
        }
        String text = value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof SegmentRole
                ? roles(list)
                : CHANCE.matcher(String.valueOf(value)).replaceAll("~");
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "..";
    }

    private static String roles(List<?> all) {
        StringBuilder text = new StringBuilder("[");
        int from = 0;
        for (int to = 1; to <= all.size(); to++) {
            if (to == all.size() || !role(all.get(to)).equals(role(all.get(from)))) {
                text.append(from == 0 ? "" : ", ")
                        .append(from)
                        .append("..")
                        .append(to)
                        .append(' ')
                        .append(role(all.get(from)));
                from = to;
            }
        }
        return text.append(']').toString();
    }

    private static String role(Object of) {
        SegmentRole role = (SegmentRole) of;
        return role.role() + (role.journalled() ? " journalled" : "") + " at epoch " + role.epoch();
    }
}
