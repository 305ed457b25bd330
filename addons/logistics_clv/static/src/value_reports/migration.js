import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { ValueMatrix } from "./value_matrix";
import { useValueReport, ValueReport } from "./value_report";

export class Migration extends Component {
    static template = "logistics_clv.Migration";
    static components = { ValueMatrix, ValueReport };
    static props = { ...standardActionServiceProps };

    setup() {
        this.kinds = [
            ["tier", _t("Tiers")],
            ["stage", _t("Stages")],
        ];
        this.measures = [
            ["count", _t("Number of clients")],
            ["change", _t("Change of client value")],
            ["after", _t("Client value, later")],
            ["before", _t("Client value, earlier")],
        ];
        this.report = useValueReport(this, {
            method: "get_migration",
            state: { kind: "tier", measure: "count", before: null, after: null },
            getArguments: ({ kind, before, after }) => [kind, before, after],
        });
    }

    get data() {
        return this.report.state.data;
    }

    /** Place of each row and column, the best first; the absent ones have none. */
    get places() {
        return new Map(this.data.rows.map(({ id }, place) => [id, place]));
    }

    get tiles() {
        const places = this.places;
        const count = (test) =>
            this.data.cells.reduce((all, cell) => all + (test(cell) ? cell.count : 0), 0);
        const known = ({ row, column }) => row > 0 && column > 0;
        const up = count((cell) => known(cell) && places.get(cell.column) < places.get(cell.row));
        const down = count((cell) => known(cell) && places.get(cell.column) > places.get(cell.row));
        const change = this.data.cells.reduce((all, cell) => all + cell.change, 0);
        const isTier = this.report.state.kind === "tier";
        return [
            {
                name: "up",
                label: isTier ? _t("Up") : _t("To an earlier stage"),
                value: String(up),
                class: isTier ? "text-success" : "",
            },
            {
                name: "down",
                label: isTier ? _t("Down") : _t("To a later stage"),
                value: String(down),
                class: isTier ? "text-danger" : "",
            },
            { name: "new", label: _t("New"), value: String(count(({ row }) => row === -1)) },
            {
                name: "change",
                label: _t("Change of client value"),
                value: this.report.money(change),
                class: change < 0 ? "text-danger" : "text-success",
            },
        ];
    }

    format(value) {
        return this.report.state.measure === "count" ? String(value) : this.report.money(value);
    }

    describe(cell, row, column) {
        return _t("From %(before)s to %(after)s: %(count)s clients, client value %(was)s to %(is)s", {
            before: row.name,
            after: column.name,
            count: cell.count,
            was: this.report.money(cell.before),
            is: this.report.money(cell.after),
        });
    }

    shadeClass(cell) {
        if (this.report.state.kind !== "tier" || cell.row <= 0 || cell.column <= 0) {
            return "";
        }
        const [from, to] = [this.places.get(cell.row), this.places.get(cell.column)];
        return from === to ? "" : to < from ? "o_value_good" : "o_value_bad";
    }

    choose(name, ev) {
        return this.report.choose({ [name]: Number(ev.target.value) });
    }

    open(from, to) {
        const { kind, data } = this.report.state;
        const args = [kind, data.before_id, data.after_id, from, to];
        return this.report.open("open_migration", args);
    }
}

registry.category("actions").add("logistics_clv.migration", Migration);
