package dev.migrate.internal.write;

import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.side.Owed;
import dev.migrate.side.Role;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.SegmentRole;
import java.time.Instant;
import java.util.List;

/**
 * Debts in the books of a side that has ceased to be authoritative for them: a call took effect there, or was found not to be known of, when
 * authority had moved. They are the other side's to pay: it is the one that is right.
 */
record MisplacedDebts(TwoSides<SideBooks> books) {
    /** Moves a debt to where it belongs; does nothing where it does not belong to the other side, or in the middle of a handover. */
    void move(Side from, Owed owed, Version version) {
        if (role(from, owed.segment()) == Role.SHADOW && role(from.other(), owed.segment()) != Role.SHADOW) {
            books.of(from.other()).owe(List.of(new SideBooks.Key(owed.key(), owed.segment())), Instant.EPOCH);
            books.of(from).settle(owed.key(), version);
        }
    }

    private Role role(Side side, int segment) {
        List<SegmentRole> roles = books.of(side).roles();
        return roles.isEmpty() ? Role.SHADOW : roles.get(segment).role();
    }
}
