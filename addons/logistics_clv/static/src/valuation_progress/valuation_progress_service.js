import { reactive } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { ValuationProgress } from "./valuation_progress";

const CLOSE_AFTER = 8000;

/**
 * Keeps the valuation runs that the user started in sight: what arrives on the bus (or
 * from the button that starts a run) shows as a notification with a bar.
 */
export const valuationProgressService = {
    dependencies: ["action", "bus_service"],

    start(env, { action, bus_service: bus }) {
        const runs = reactive({});
        const timers = {};

        function close(id) {
            clearTimeout(timers[id]);
            delete timers[id];
            delete runs[id];
        }

        function show(run) {
            const known = runs[run.id];
            // messages may overtake each other: a bar never runs backwards
            if (known?.state === "running" && run.state === "running") {
                run = { ...run, progress: Math.max(run.progress, known.progress) };
            }
            runs[run.id] = run;
            clearTimeout(timers[run.id]);
            if (run.state === "done") {
                timers[run.id] = setTimeout(() => close(run.id), CLOSE_AFTER);
            }
        }

        function open(id) {
            const { model = "logistics.value.run", res_id = id } = runs[id] || {};
            close(id);
            return action.doAction({
                type: "ir.actions.act_window",
                res_model: model,
                res_id,
                views: [[false, "form"]],
            });
        }

        registry.category("main_components").add(
            "logistics_clv.ValuationProgress",
            { Component: ValuationProgress, props: { runs, close, open } },
            { force: true }
        );
        bus.subscribe("logistics_clv.valuation_progress", show);
        bus.start();

        return { show, close, runs };
    },
};

registry.category("services").add("logistics_clv.valuation_progress", valuationProgressService);

/** Shows the run in the notification and reloads the view that started it. */
function showProgress(env, action) {
    env.services["logistics_clv.valuation_progress"].show(action.params);
    if (action.params.state === "done" || action.params.state === "failed") {
        return { type: "ir.actions.client", tag: "soft_reload" };
    }
}

registry.category("actions").add("logistics_clv.valuation_progress", showProgress);
