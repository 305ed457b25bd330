import { describe, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, click, waitFor } from "@odoo/hoot-dom";
import {
    getService,
    MockServer,
    mockService,
    mountWithCleanup,
    serverState,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { WebClient } from "@web/webclient/webclient";

describe.current.tags("desktop");
defineMailModels();

const RUN = ".o_logistics_value_progress_run";

function send(values) {
    MockServer.env["bus.bus"]._sendone(
        serverState.partnerId,
        "logistics_clv.valuation_progress",
        { id: 7, name: "My Company", state: "running", progress: 0, message: "", ...values }
    );
}

test("a message on the bus shows a notification with a bar", async () => {
    await mountWithCleanup(WebClient);
    expect(RUN).toHaveCount(0);
    send({ progress: 40, message: "Valuing the clients" });
    await waitFor(RUN);
    expect(`${RUN} .progress`).toHaveAttribute("aria-valuenow", "40");
    expect(RUN).toHaveText(/Client values are being computed/);
    expect(RUN).toHaveText(/Valuing the clients/);
});

test("further messages move the same bar, never backwards", async () => {
    await mountWithCleanup(WebClient);
    send({ progress: 40 });
    await waitFor(RUN);
    send({ progress: 70 });
    await waitFor(`${RUN} .progress[aria-valuenow="70"]`);
    send({ progress: 60 });
    await animationFrame();
    expect(RUN).toHaveCount(1);
    expect(`${RUN} .progress`).toHaveAttribute("aria-valuenow", "70");
});

test("a finished run goes away by itself, a failed one stays", async () => {
    await mountWithCleanup(WebClient);
    const progress = getService("logistics_clv.valuation_progress");
    progress.show({ id: 1, name: "A", state: "done", progress: 100, message: "" });
    progress.show({ id: 2, name: "B", state: "failed", progress: 60, message: "why" });
    await animationFrame();
    expect(RUN).toHaveCount(2);
    await advanceTime(8000);
    await animationFrame();
    expect(RUN).toHaveCount(1);
    expect(RUN).toHaveAttribute("data-state", "failed");
    expect(RUN).toHaveText(/why/);
});

test("the run can be opened and the notification closed", async () => {
    mockService("action", {
        doAction({ res_model, res_id }) {
            expect.step(`${res_model} ${res_id}`);
        },
    });
    await mountWithCleanup(WebClient);
    const progress = getService("logistics_clv.valuation_progress");
    progress.show({ id: 1, name: "A", state: "running", progress: 10, message: "" });
    progress.show({ id: 2, name: "B", state: "running", progress: 20, message: "" });
    await animationFrame();
    await click(`${RUN}:first .btn-link`);
    await animationFrame();
    expect.verifySteps(["logistics.value.run 1"]);
    expect(RUN).toHaveCount(1);
    await click(`${RUN} .btn-close`);
    await animationFrame();
    expect(RUN).toHaveCount(0);
});
