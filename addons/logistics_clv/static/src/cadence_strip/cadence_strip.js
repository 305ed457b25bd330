import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// From how many usual gaps on a silence is shaded, and shaded as an alarm.
const WATCH = 2;
const ALARM = 4;

/** Order days of a client as ticks on a line up to today; long silences are shaded. */
export class CadenceStrip extends Component {
    static template = "logistics_clv.CadenceStrip";
    static props = { ...standardFieldProps };

    get cadence() {
        return this.props.record.data[this.props.name] || { days: [], length: 0 };
    }

    get ticks() {
        const { days, dates, length } = this.cadence;
        return days.map((day, index) => ({
            left: (100 * day) / length,
            title: formatDate(deserializeDate(dates[index])),
        }));
    }

    get gaps() {
        const { days, length, usual_gap: usual } = this.cadence;
        if (!usual) {
            return [];
        }
        return [...days, length].slice(1).flatMap((day, index) => {
            const from = days[index];
            const ratio = (day - from) / usual;
            if (ratio < WATCH) {
                return [];
            }
            return [
                {
                    left: (100 * from) / length,
                    width: (100 * (day - from)) / length,
                    level: ratio >= ALARM ? "alarm" : "watch",
                    title: _t("%(days)s days, %(ratio)s times the usual", {
                        days: day - from,
                        ratio: ratio.toFixed(1),
                    }),
                },
            ];
        });
    }

    get label() {
        return _t("%s order days in 18 months", this.cadence.days.length);
    }

    get start() {
        return this.cadence.start ? formatDate(deserializeDate(this.cadence.start)) : "";
    }
}

export const cadenceStrip = {
    component: CadenceStrip,
    displayName: _t("Cadence strip"),
    supportedTypes: ["json"],
};

registry.category("fields").add("logistics_cadence_strip", cadenceStrip);
