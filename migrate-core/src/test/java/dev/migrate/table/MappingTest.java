package dev.migrate.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.table.Column.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MappingTest {
    private static Shape shape(String table, String... columns) {
        return new Shape(
                table,
                Arrays.stream(columns)
                        .map(name ->
                                new Column(name.replace("!", ""), Kind.TEXT, "text", -1, name.endsWith("!"), false))
                        .toList(),
                List.of(columns[0]));
    }

    private static Fields fields(Shape shape, Object... values) {
        return new Fields(shape.names(), values);
    }

    private final Shape legacy = shape("users", "id", "first", "last", "mail", "note");
    private final Shape target = shape("accounts", "ID", "full_name", "email", "created");

    private Mapping mapping() {
        return Mapping.byName()
                .rename("mail", "email")
                .derive("full_name")
                .from("first", "last")
                .there(user -> user.text("first") + " " + user.text("last"))
                .back(name -> Map.of(
                        "first", String.valueOf(name).split(" ", 2)[0],
                        "last", String.valueOf(name).split(" ", 2)[1]));
    }

    @Test
    void declaredOnce_worksBothWays_andLeavesOthersAlone() {
        BoundMapping bound = mapping().bind(legacy, target);
        Fields there = bound.to(Side.TARGET, fields(legacy, "1", "Ada", "Lovelace", "a@x", "n"));
        assertThat(there.names()).containsExactlyInAnyOrder("ID", "full_name", "email");
        assertThat(there.get("full_name")).isEqualTo("Ada Lovelace");
        assertThat(there.get("email")).isEqualTo("a@x");
        Fields back = bound.to(Side.LEGACY, fields(target, "1", "Grace Hopper", "g@x", "now"));
        assertThat(back.names()).containsExactlyInAnyOrder("id", "first", "last", "mail");
        assertThat(back.get("last")).isEqualTo("Hopper");
    }

    @Test
    void oneWay_isKeptOutOfCopiesThatFlowBack() {
        BoundMapping bound = Mapping.byName()
                .derive("full_name")
                .from("first")
                .there(user -> user.get("first"))
                .oneWay()
                .bind(legacy, target);
        assertThat(bound.columns(Side.TARGET)).extracting(Column::name).contains("full_name");
        assertThat(bound.columns(Side.LEGACY)).extracting(Column::name).containsExactly("id");
    }

    @Test
    void leftOut_isNeitherCopiedNorCompared() {
        BoundMapping bound =
                Mapping.byName().leaveOut("B").bind(shape("l", "id", "a", "b"), shape("t", "id", "a", "b"));
        assertThat(bound.columns(Side.TARGET)).extracting(Column::name).containsExactly("id", "a");
    }

    @Test
    void whatCannotBe_isRefused_withARemedy() {
        assertThatThrownBy(() -> Mapping.byName().rename("nope", "email").bind(legacy, target))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("table 'users' has no column 'nope'; it has id, first");
        assertThatThrownBy(() -> mapping().rename("note", "email").bind(legacy, target))
                .hasMessageContaining("'email' of table 'accounts' is mapped twice");
        assertThatThrownBy(() -> Mapping.byName().bind(legacy, shape("accounts", "uid", "id")))
                .hasMessageContaining("the key of table 'accounts' must be (id)")
                .hasMessageContaining("key(..)");
        assertThatThrownBy(() -> Mapping.byName().bind(legacy, shape("accounts", "id", "tenant!")))
                .hasMessageContaining("needs a value for (tenant)");
        assertThatThrownBy(() -> Mapping.byName().derive("full_name").there(user -> "x"))
                .hasMessageContaining("call from(..)");
    }

    @Test
    void wayBackThatLeavesAColumnOut_isRefused() {
        BoundMapping bound = Mapping.byName()
                .derive("full_name")
                .from("first", "last")
                .there(user -> user.get("first"))
                .back(name -> Map.of("first", "x"))
                .bind(legacy, target);
        assertThatThrownBy(() -> bound.to(Side.LEGACY, fields(target, "1", "Grace Hopper", "g@x", "now")))
                .hasMessageContaining("gave no value for 'last'");
    }

    @Test
    void textForms_showNoValue() {
        Fields fields = fields(legacy, "1", "Ada", "Lovelace", "a@x", "n");
        assertThat(fields.toString()).doesNotContain("Ada").contains("first");
        assertThat(new Row(new TableKey(List.of("1"), "s:1"), fields).toString())
                .doesNotContain("Ada");
    }

    @Test
    void typeThatIsNotCarried_isRefusedWhereItIsMapped_andNowhereElse() {
        Column id = new Column("id", Kind.INTEGER, "int8", 0, true, false);
        Column price = new Column("price", Kind.UNSUPPORTED, "money", -1, false, false);
        Column plain = new Column("price", Kind.DECIMAL, "numeric", -1, false, false);
        Shape money = new Shape("sales", List.of(id, price), List.of("id"));
        Shape numbers = new Shape("orders", List.of(id, plain), List.of("id"));
        assertThatThrownBy(() -> Mapping.byName().bind(money, numbers))
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("'price'", "'sales'", "money", "leaveOut(\"price\")");
        assertThatThrownBy(() -> Mapping.byName().bind(numbers, money)).hasMessageContaining("'sales'");
        Mapping derived =
                Mapping.byName().derive("price").from("price").there(row -> 1).oneWay();
        assertThatThrownBy(() -> derived.bind(money, numbers)).hasMessageContaining("'sales'");
        assertThatThrownBy(() -> derived.bind(numbers, money)).hasMessageContaining("'sales'");
        assertThat(Mapping.byName().leaveOut("price").bind(money, numbers).pairs())
                .hasSize(1);
    }
}
