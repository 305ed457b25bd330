import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

const TITLES = {
    draft: _t("Client values"),
    queued: _t("Client values are waiting to be computed"),
    running: _t("Client values are being computed"),
    done: _t("Client values are up to date"),
    failed: _t("Client values could not be computed"),
};
const COLORS = { done: "success", failed: "danger" };

export class ValuationProgress extends Component {
    static template = "logistics_clv.ValuationProgress";
    static props = {
        runs: Object,
        close: Function,
        open: Function,
    };

    setup() {
        this.runs = useState(this.props.runs);
    }

    get shown() {
        return Object.values(this.runs).map((run) => ({
            ...run,
            title: run.title || TITLES[run.state],
            color: COLORS[run.state] || "info",
        }));
    }
}
