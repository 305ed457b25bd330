import { expect, test } from "@odoo/hoot";
import { click } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    models,
    mockService,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class Value extends models.Model {
    _name = "value";

    cadence = fields.Json();
    bridge = fields.Json();

    _records = [
        {
            id: 1,
            cadence: {
                start: "2026-01-01",
                length: 200,
                days: [0, 10, 35, 45],
                dates: ["2026-01-01", "2026-01-11", "2026-02-05", "2026-02-15"],
                usual_gap: 10,
                silence_ratio: 15.5,
            },
            bridge: [
                { step: "1_revenue", label: "Revenue", amount: 100, text: "$ 100", is_sum: false, from: 0, to: 100 },
                { step: "2_direct_cost", label: "Direct cost", amount: -60, text: "$ -60", is_sum: false, from: 100, to: 40 },
                { step: "contribution", label: "Contribution", amount: 40, text: "$ 40", is_sum: true, from: 40, to: 0 },
            ],
        },
        { id: 2, cadence: { start: "2026-01-01", length: 200, days: [], dates: [], usual_gap: 0 } },
    ];
}
defineModels([Value]);
defineMailModels();

function mountForm(name, widget, resId = 1) {
    return mountView({
        type: "form",
        resModel: "value",
        resId,
        arch: `<form><field name="${name}" widget="${widget}"/></form>`,
    });
}

test("each order day is a tick, long silences are shaded", async () => {
    await mountForm("cadence", "logistics_cadence_strip");
    expect(".o_logistics_cadence_tick").toHaveCount(4);
    // 25 days are 2.5 times the usual, 155 days up to today 15.5 times
    expect(".o_logistics_cadence_watch").toHaveCount(1);
    expect(".o_logistics_cadence_alarm").toHaveCount(1);
    expect(".o_logistics_cadence_alarm").toHaveAttribute(
        "title",
        "155 days, 15.5 times the usual"
    );
    expect(".o_logistics_cadence_alarm").toHaveStyle({ left: "22.5%", width: "77.5%" }, { inline: true });
    expect(".o_logistics_cadence").toHaveText(/Today/);
});

test("a client without orders has no strip", async () => {
    await mountForm("cadence", "logistics_cadence_strip", 2);
    expect(".o_logistics_cadence").toHaveCount(0);
    expect(".o_field_widget").toHaveText("No order day in 18 months");
});

test("a step of the bridge opens what it is made of", async () => {
    onRpc("value", "action_open_bridge_step", ({ args }) => {
        expect.step(args);
        return { type: "ir.actions.act_window_close" };
    });
    mockService("action", { doAction: (action) => expect.step(action.type) });
    await mountForm("bridge", "logistics_value_bridge");
    expect(".o_logistics_value_bridge tr").toHaveCount(3);
    await click(".o_logistics_value_bridge tr:nth-child(2) button");
    await animationFrame();
    expect.verifySteps([[[1], "2_direct_cost"], "ir.actions.act_window_close"]);
});
