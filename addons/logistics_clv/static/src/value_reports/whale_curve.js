import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useValueReport, ValueReport } from "./value_report";

const WIDTH = 800;
const HEIGHT = 400;
const LEFT = 56;
const BOTTOM = 36;
const TOP = 16;
const RIGHT = 16;

export class WhaleCurve extends Component {
    static template = "logistics_clv.WhaleCurve";
    static components = { ValueReport };
    static props = { ...standardActionServiceProps };

    setup() {
        this.measures = [
            ["year", _t("Net contribution, last 12 months")],
            ["historical", _t("Historical value")],
            ["total", _t("Client value")],
            ["expected", _t("Last 12 months and expected")],
        ];
        this.hover = useState({ slice: null });
        this.report = useValueReport(this, {
            method: "get_whale_curve",
            state: { measure: "year" },
            getArguments: ({ measure, filters }) => [measure, filters],
        });
        this.size = { WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT };
    }

    get data() {
        return this.report.state.data;
    }

    get tiles() {
        const { percent, money } = this.report;
        const { count, total, peak, peak_clients, erosion, losses } = this.data;
        return [
            { name: "total", label: _t("All clients together"), value: money(total) },
            {
                name: "peak",
                label: _t("Peak: brought by the best %s", percent(peak_clients)),
                value: percent(peak),
                class: "text-success",
                help: _t("What the profitable clients bring, of the total."),
            },
            {
                name: "erosion",
                label: _t("Lost again by %s clients", losses),
                value: percent(erosion),
                class: losses ? "text-danger" : "",
                help: _t("What the clients at a loss take away again, of the total."),
            },
            { name: "count", label: _t("Clients"), value: String(count) },
        ];
    }

    get top() {
        return Math.max(1, this.data.peak) * 1.05;
    }

    x(share) {
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    y(share) {
        return HEIGHT - BOTTOM - (share / this.top) * (HEIGHT - BOTTOM - TOP);
    }

    get line() {
        const points = [{ clients: 0, share: 0 }, ...this.data.slices];
        return points
            .map(({ clients, share }) => `${this.x(clients).toFixed(1)},${this.y(share).toFixed(1)}`)
            .join(" ");
    }

    get bars() {
        return this.data.slices.map((slice, place) => {
            const from = place ? this.data.slices[place - 1].clients : 0;
            return { slice, x: this.x(from), width: this.x(slice.clients) - this.x(from) };
        });
    }

    get grid() {
        const step = this.top > 3 ? 1 : this.top > 1.5 ? 0.5 : 0.25;
        const marks = [];
        for (let share = 0; share <= this.top; share += step) {
            marks.push(share);
        }
        return marks;
    }

    describe({ names, start, end, amount, cumulated }) {
        const more = end - start - names.length;
        const who = names.join(", ") + (more > 0 ? _t(" and %s more", more) : "");
        return _t("%(who)s: %(amount)s; together with all before: %(cumulated)s", {
            who,
            amount: this.report.money(amount),
            cumulated: this.report.money(cumulated),
        });
    }

    openSlice({ start, end }) {
        const { measure, filters } = this.report.state;
        return this.report.open("open_whale_slice", [measure, start, end, filters]);
    }
}

registry.category("actions").add("logistics_clv.whale_curve", WhaleCurve);
