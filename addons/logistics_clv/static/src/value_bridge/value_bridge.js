import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** From revenue to net contribution; each step opens what it is made of. */
export class ValueBridge extends Component {
    static template = "logistics_clv.ValueBridge";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get rows() {
        const rows = this.props.record.data[this.props.name] || [];
        const ends = rows.flatMap((row) => [row.from, row.to, 0]);
        const least = Math.min(0, ...ends);
        const size = Math.max(0, ...ends) - least || 1;
        return rows.map((row) => ({
            ...row,
            left: (100 * (Math.min(row.from, row.to) - least)) / size,
            width: (100 * Math.abs(row.to - row.from)) / size,
            color: row.is_sum ? "bg-primary" : row.amount < 0 ? "bg-danger" : "bg-success",
        }));
    }

    async open(row) {
        const { resModel, resId } = this.props.record;
        const action = await this.orm.call(resModel, "action_open_bridge_step", [
            [resId],
            row.step,
        ]);
        return this.action.doAction(action);
    }
}

export const valueBridge = {
    component: ValueBridge,
    displayName: _t("Bridge from revenue to net contribution"),
    supportedTypes: ["json"],
};

registry.category("fields").add("logistics_value_bridge", valueBridge);
