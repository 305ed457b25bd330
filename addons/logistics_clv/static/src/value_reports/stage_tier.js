import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { ValueMatrix } from "./value_matrix";
import { useValueReport, ValueReport } from "./value_report";

export class StageTier extends Component {
    static template = "logistics_clv.StageTier";
    static components = { ValueMatrix, ValueReport };
    static props = { ...standardActionServiceProps };

    setup() {
        this.measures = [
            ["count", _t("Number of clients")],
            ["total", _t("Client value")],
            ["historical", _t("Historical value")],
            ["predicted", _t("Current value")],
            ["potential", _t("Potential")],
        ];
        this.report = useValueReport(this, {
            method: "get_stage_tier_matrix",
            state: { measure: "count" },
            getArguments: ({ filters }) => [filters],
        });
    }

    get data() {
        return this.report.state.data;
    }

    get tiles() {
        const sum = (name) => this.data.cells.reduce((all, cell) => all + cell[name], 0);
        const { filters } = this.report.state;
        return [
            { name: "count", label: _t("Clients"), value: String(sum("count")) },
            { name: "total", label: _t("Client value"), value: this.report.money(sum("total")) },
            {
                name: "at_risk",
                label: _t("Value at risk, %s clients", this.data.at_risk_count),
                value: this.report.money(this.data.at_risk),
                class: this.data.at_risk_count ? "text-danger" : "",
                help: _t(
                    "Current value of clients that are at risk, probably lost or silent for four times their usual interval."
                ),
                open: () => this.report.open("open_at_risk", [filters]),
            },
        ];
    }

    format(value) {
        return this.report.state.measure === "count" ? String(value) : this.report.money(value);
    }

    describe(cell, row, column) {
        return _t("%(stage)s, %(tier)s: %(count)s clients, client value %(value)s", {
            stage: row.name,
            tier: column.name,
            count: cell.count,
            value: this.report.money(cell.total),
        });
    }

    shadeClass(cell) {
        return cell[this.report.state.measure] < 0 ? "o_value_bad" : "";
    }

    open(stage, tier) {
        return this.report.open("open_stage_tier", [stage, tier, this.report.state.filters]);
    }
}

registry.category("actions").add("logistics_clv.stage_tier", StageTier);
