import { Component, onWillStart, useState, useSubEnv } from "@odoo/owl";
import { formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { getDefaultConfig } from "@web/views/view";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { KeepLast } from "@web/core/utils/concurrency";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";

const MODEL = "logistics.value.report";
const FILTERS = [
    ["tier_id", _t("All tiers")],
    ["stage_id", _t("All stages")],
    ["user_id", _t("All salespeople")],
    ["segment", _t("All segments")],
    ["band", _t("All activity")],
];

/**
 * What the value reports share: data by one call, filters, money and shares as text, and
 * opening what is behind a figure. Choices survive going there and back.
 *
 * @param {{ method: string, getArguments: Function, state?: Object }} options
 */
export function useValueReport(component, { method, getArguments, state = {} }) {
    const orm = useService("orm");
    const action = useService("action");
    const keepLast = new KeepLast();
    useSubEnv({ config: { ...getDefaultConfig(), ...component.env.config } });
    const kept = component.props.state?.valueReport;
    const report = useState({
        choices: {},
        data: null,
        filters: {},
        loading: true,
        ...state,
        ...kept,
    });

    async function load() {
        report.loading = true;
        const args = getArguments(report);
        report.data = await keepLast.add(orm.call(MODEL, method, args));
        report.loading = false;
    }

    useSetupAction({
        getLocalState: () => {
            const { choices, data, loading, ...chosen } = report;
            return { valueReport: JSON.parse(JSON.stringify(chosen)) };
        },
    });
    onWillStart(async () => {
        const [choices] = await Promise.all([orm.call(MODEL, "get_choices", []), load()]);
        report.choices = choices;
    });

    return {
        state: report,
        load,
        money: (value, whole = true) =>
            formatMonetary(value, {
                currencyId: report.data.currency_id,
                ...(whole ? { digits: [16, 0] } : {}),
            }),
        shortMoney: (value) =>
            formatMonetary(value, {
                currencyId: report.data.currency_id,
                humanReadable: true,
                digits: [16, 1],
            }),
        percent: (value, digits = 0) => formatPercentage(value, { digits: [16, digits] }),
        choose(values) {
            Object.assign(report, values);
            return load();
        },
        async open(opener, args) {
            return action.doAction(await orm.call(MODEL, opener, args));
        },
    };
}

/** Frame of a report: filters above, tiles with the key figures, the report, or help. */
export class ValueReport extends Component {
    static template = "logistics_clv.ValueReport";
    static components = { ControlPanel };
    static props = {
        report: Object,
        isEmpty: Boolean,
        tiles: { type: Array, optional: true },
        hasFilters: { type: Boolean, optional: true },
        slots: Object,
    };
    static defaultProps = { tiles: [], hasFilters: true };

    get filters() {
        const { choices, filters } = this.props.report.state;
        return FILTERS.filter(([name]) => choices[name]?.length).map(([name, all]) => ({
            name,
            all,
            options: choices[name].map((option) => ({ ...option, id: String(option.id) })),
            value: String(filters[name] ?? ""),
        }));
    }

    onFilter(filter, ev) {
        const choices = this.props.report.state.choices[filter.name];
        const chosen = choices.find(({ id }) => String(id) === ev.target.value);
        const filters = { ...this.props.report.state.filters, [filter.name]: chosen?.id };
        if (!chosen) {
            delete filters[filter.name];
        }
        this.props.report.choose({ filters });
    }
}
