import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { ValueMatrix } from "./value_matrix";
import { useValueReport, ValueReport } from "./value_report";

export class Cohorts extends Component {
    static template = "logistics_clv.Cohorts";
    static components = { ValueMatrix, ValueReport };
    static props = { ...standardActionServiceProps };

    setup() {
        this.measures = [
            ["retention", _t("Share that ordered")],
            ["count", _t("Clients that ordered")],
            ["contribution", _t("Contribution")],
        ];
        this.report = useValueReport(this, {
            method: "get_cohorts",
            state: { measure: "retention" },
            getArguments: ({ filters }) => [filters],
        });
    }

    get data() {
        return this.report.state.data;
    }

    get isMoney() {
        return this.report.state.measure === "contribution";
    }

    get cells() {
        // nobody ordered and nothing was booked: an empty cell, not a zero
        return this.data.cells.filter((cell) => cell.count || (this.isMoney && cell.contribution));
    }

    get tiles() {
        const { rows, cells, outside, total } = this.data;
        const clients = rows.reduce((all, { count }) => all + count, 0);
        const later = (age) => {
            const reached = rows.filter((row) => row.age >= age);
            const all = reached.reduce((sum, { count }) => sum + count, 0);
            const kept = cells
                .filter((cell) => cell.column === age)
                .reduce((sum, { count }) => sum + count, 0);
            return all ? this.report.percent(kept / all) : "-";
        };
        const tiles = [
            { name: "clients", label: _t("Clients with an order"), value: String(clients) },
            { name: "quarter", label: _t("Ordered in the next quarter"), value: later(1) },
            { name: "year", label: _t("Ordered four quarters later"), value: later(4) },
            {
                name: "total",
                label: _t("Contribution of all cohorts"),
                value: this.report.money(total - outside),
            },
        ];
        if (outside) {
            tiles.push({
                name: "outside",
                label: _t("Clients without an order day"),
                value: this.report.money(outside),
                help: _t("Costs or credit notes only. Together with the cohorts: the ledger."),
            });
        }
        return tiles;
    }

    format(value) {
        const { measure } = this.report.state;
        if (measure === "retention") {
            return this.report.percent(value);
        }
        return this.isMoney ? this.report.shortMoney(value) : String(value);
    }

    shade(cell) {
        if (!this.isMoney) {
            return cell.retention;
        }
        const highest = Math.max(...this.data.cells.map((each) => Math.abs(each.contribution)));
        return highest && Math.abs(cell.contribution) / highest;
    }

    shadeClass(cell) {
        return this.isMoney && cell.contribution < 0 ? "o_value_bad" : "";
    }

    describe(cell, row, column) {
        return _t(
            "First order in %(cohort)s, %(age)s quarters later: %(count)s of %(all)s clients ordered (%(share)s), contribution %(money)s",
            {
                cohort: row.name,
                age: column.name,
                count: cell.count,
                all: row.count,
                share: this.report.percent(cell.retention),
                money: this.report.money(cell.contribution),
            }
        );
    }

    rowNote({ count }) {
        return _t("%s clients", count);
    }

    open(cohort, age) {
        const opener = this.isMoney ? "open_cohort_days" : "open_cohort";
        return this.report.open(opener, [cohort, age, this.report.state.filters]);
    }
}

registry.category("actions").add("logistics_clv.cohorts", Cohorts);
