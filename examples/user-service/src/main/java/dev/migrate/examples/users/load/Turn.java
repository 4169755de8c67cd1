package dev.migrate.examples.users.load;

import java.util.SplittableRandom;

/** What a client does next, and in how many of a hundred calls. */
enum Turn {
    GET_USER(44),
    GET_PROFILE(16),
    UPDATE(14),
    PUT_PROFILE(9),
    CREATE(5),
    RETURN(1),
    DELETE(3),
    VERIFY_EMAIL(2),
    LOGIN(4),
    LOGOUT(2);

    private final int percent;

    Turn(int percent) {
        this.percent = percent;
    }

    static Turn next(SplittableRandom random) {
        int left = random.nextInt(100);
        for (Turn turn : values()) {
            left -= turn.percent;
            if (left < 0) {
                return turn;
            }
        }
        throw new IllegalStateException("the turns must add up to 100 percent");
    }
}
