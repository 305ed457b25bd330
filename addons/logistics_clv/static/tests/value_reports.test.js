import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { animationFrame, click, hover, queryAllTexts, select } from "@odoo/hoot-dom";
import { mockService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { Cohorts } from "@logistics_clv/value_reports/cohorts";
import { Migration } from "@logistics_clv/value_reports/migration";
import { StageTier } from "@logistics_clv/value_reports/stage_tier";
import { WhaleCurve } from "@logistics_clv/value_reports/whale_curve";

describe.current.tags("desktop");
defineMailModels();

const FRAME = { company: "My Company", currency_id: 1, as_of: "2026-08-30" };
const CHOICES = {
    tier_id: [
        { id: 1, name: "Tier A" },
        { id: 2, name: "Tier B" },
    ],
    stage_id: [],
    user_id: [{ id: 7, name: "Ann" }],
    segment: [],
    band: [],
};
const CELL = ".o_logistics_value_cell";
const TILE = ".o_logistics_value_tile";

/** Answers the calls of the reports, and notes those that open something. */
function answer(answers) {
    onRpc("logistics.value.report", "*", ({ method, args }) => {
        if (method === "get_choices") {
            return CHOICES;
        }
        const [found] = [answers[method]].map((data) =>
            typeof data === "function" ? data(...args) : data
        );
        if (found) {
            return found;
        }
        expect.step(`${method} ${JSON.stringify(args)}`);
        return { type: "ir.actions.act_window", tag: method };
    });
}

async function mountReport(Report, answers) {
    answer(answers);
    await mountWithCleanup(Report, {
        props: { action: {}, actionId: 1, updateActionState() {}, className: "" },
    });
    await animationFrame();
}

beforeEach(() => {
    mockService("action", {
        doAction({ tag }) {
            expect.step(`open ${tag}`);
        },
    });
});

describe("whale curve", () => {
    const curve = {
        ...FRAME,
        count: 3,
        total: 100,
        peak: 1.2,
        peak_clients: 2 / 3,
        erosion: 0.2,
        losses: 1,
        slices: [
            { start: 0, end: 1, clients: 1 / 3, share: 0.9, amount: 90, cumulated: 90, names: ["Albers"] },
            { start: 1, end: 2, clients: 2 / 3, share: 1.2, amount: 30, cumulated: 120, names: ["Bright"] },
            { start: 2, end: 3, clients: 1, share: 1, amount: -20, cumulated: 100, names: ["Cascade"] },
        ],
    };

    test("shows peak and erosion, names on hover, and opens a slice", async () => {
        await mountReport(WhaleCurve, { get_whale_curve: curve });
        expect(`${TILE}[name=peak]`).toHaveText(/120%/);
        expect(`${TILE}[name=peak]`).toHaveText(/best 67%/);
        expect(`${TILE}[name=erosion]`).toHaveText(/20%/);
        expect(".o_whale_slice").toHaveCount(3);
        await hover(".o_whale_slice:eq(1)");
        await animationFrame();
        expect(".o_whale_hint").toHaveText(/Bright/);
        await click(".o_whale_slice:eq(1)");
        await animationFrame();
        expect.verifySteps(['open_whale_slice ["year",1,2,{}]', "open open_whale_slice"]);
    });

    test("another measure and a filter load the curve again", async () => {
        await mountReport(WhaleCurve, {
            get_whale_curve(measure, filters) {
                expect.step(`${measure} ${JSON.stringify(filters)}`);
                return curve;
            },
        });
        await click("select[name=measure]");
        await select("total");
        await animationFrame();
        await click("select[name=tier_id]");
        await select("2");
        await animationFrame();
        expect.verifySteps(["year {}", "total {}", 'total {"tier_id":2}']);
        expect("select[name=user_id]").toHaveCount(1);
        expect("select[name=stage_id]").toHaveCount(0);
    });

    test("nothing to show is explained", async () => {
        await mountReport(WhaleCurve, { get_whale_curve: { ...FRAME, count: 0, slices: [] } });
        expect(".o_view_nocontent").toHaveText(/No curve to show/);
        expect("svg").toHaveCount(0);
    });
});

describe("stages and tiers", () => {
    const matrix = {
        ...FRAME,
        rows: [
            { id: 4, name: "Growing" },
            { id: 0, name: "No stage" },
        ],
        columns: [
            { id: 1, name: "Tier A" },
            { id: 2, name: "Tier B" },
        ],
        cells: [
            { row: 4, column: 1, count: 3, total: 900, historical: 500, predicted: 400, potential: 0 },
            { row: 4, column: 2, count: 1, total: 50, historical: 50, predicted: 0, potential: 0 },
            { row: 0, column: 2, count: 2, total: -40, historical: -40, predicted: 0, potential: 0 },
        ],
        at_risk: 120,
        at_risk_count: 1,
    };

    test("totals add up and every cell opens its clients", async () => {
        await mountReport(StageTier, { get_stage_tier_matrix: matrix });
        expect(queryAllTexts("tbody .o_logistics_value_total")).toEqual(["4", "2"]);
        expect("tfoot .o_logistics_value_total").toHaveText("6");
        await click(`${CELL}[data-row="4"][data-column="1"] button`);
        await animationFrame();
        await click("tfoot button:eq(1)");
        await animationFrame();
        await click(`${TILE}[name=at_risk]`);
        await animationFrame();
        expect.verifySteps([
            "open_stage_tier [4,1,{}]",
            "open open_stage_tier",
            "open_stage_tier [null,2,{}]",
            "open open_stage_tier",
            "open_at_risk [{}]",
            "open open_at_risk",
        ]);
    });

    test("values instead of numbers; a loss is marked", async () => {
        await mountReport(StageTier, { get_stage_tier_matrix: matrix });
        await click("select[name=measure]");
        await select("total");
        await animationFrame();
        expect("tfoot .o_logistics_value_total").toHaveText(/910/);
        expect(`${CELL}.o_value_bad`).toHaveCount(1);
    });
});

describe("migration", () => {
    const tiers = [
        { id: 1, name: "Tier A" },
        { id: 2, name: "Tier B" },
        { id: -1, name: "New" },
    ];
    const moves = {
        ...FRAME,
        kind: "tier",
        snapshots: [
            { id: 9, name: "2026-08" },
            { id: 8, name: "2026-07" },
        ],
        before_id: 8,
        after_id: 9,
        rows: tiers,
        columns: tiers,
        cells: [
            { row: 1, column: 1, count: 5, before: 500, after: 510, change: 10 },
            { row: 1, column: 2, count: 2, before: 200, after: 100, change: -100 },
            { row: 2, column: 1, count: 1, before: 50, after: 150, change: 100 },
            { row: -1, column: 2, count: 4, before: 0, after: 40, change: 40 },
        ],
    };

    test("up and down are told apart and open their clients", async () => {
        await mountReport(Migration, { get_migration: moves });
        expect(`${TILE}[name=up]`).toHaveText(/1/);
        expect(`${TILE}[name=down]`).toHaveText(/2/);
        expect(`${TILE}[name=new]`).toHaveText(/4/);
        expect(`${CELL}.o_value_good`).toHaveAttribute("data-row", "2");
        expect(`${CELL}.o_value_bad`).toHaveAttribute("data-column", "2");
        expect(`${CELL}[data-diagonal]`).toHaveCount(3);
        await click(`${CELL}.o_value_bad button`);
        await animationFrame();
        expect.verifySteps(['open_migration ["tier",8,9,1,2]', "open open_migration"]);
    });

    test("other snapshots are loaded", async () => {
        await mountReport(Migration, {
            get_migration(...args) {
                expect.step(JSON.stringify(args));
                return moves;
            },
        });
        await click("select[name=before]");
        await select("9");
        await animationFrame();
        expect.verifySteps(['["tier",null,null]', '["tier",9,null]']);
    });

    test("one snapshot is not enough", async () => {
        await mountReport(Migration, {
            get_migration: { ...FRAME, kind: "tier", snapshots: [], rows: [], columns: [], cells: [] },
        });
        expect(".o_view_nocontent").toHaveText(/Not enough snapshots/);
    });
});

describe("cohorts", () => {
    const cohorts = {
        ...FRAME,
        rows: [
            { id: "2026-01-01", name: "2026 Q1", count: 4, age: 2 },
            { id: "2026-07-01", name: "2026 Q3", count: 1, age: 0 },
        ],
        columns: [0, 1, 2].map((age) => ({ id: age, name: String(age) })),
        cells: [
            { row: "2026-01-01", column: 0, count: 4, retention: 1, contribution: 980, revenue: 4000 },
            { row: "2026-01-01", column: 1, count: 0, retention: 0, contribution: -10, revenue: 0 },
            { row: "2026-01-01", column: 2, count: 1, retention: 0.25, contribution: 200, revenue: 500 },
            { row: "2026-07-01", column: 0, count: 1, retention: 1, contribution: 100, revenue: 400 },
        ],
        outside: -70,
        total: 1200,
    };

    test("retention is shaded and opens the clients that ordered", async () => {
        await mountReport(Cohorts, { get_cohorts: cohorts });
        const kept = `${CELL}[data-row="2026-01-01"][data-column="2"]`;
        expect(kept).toHaveText("25%");
        expect(kept).toHaveAttribute("style", /--o-value-shade:\s*0.25/);
        expect(`${CELL}[data-row="2026-01-01"][data-column="1"]`).toHaveText("");
        expect(`${TILE}[name=outside]`).toHaveText(/70/);
        await click(`${kept} button`);
        await animationFrame();
        expect.verifySteps(['open_cohort ["2026-01-01",2,{}]', "open open_cohort"]);
    });

    test("contribution opens its days and is summed", async () => {
        await mountReport(Cohorts, { get_cohorts: cohorts });
        await click("select[name=measure]");
        await select("contribution");
        await animationFrame();
        expect("tfoot .o_logistics_value_total").toHaveText(/1.3k/);
        expect(`${CELL}.o_value_bad`).toHaveCount(1);
        await click(`${CELL}.o_value_bad button`);
        await animationFrame();
        expect.verifySteps(['open_cohort_days ["2026-01-01",1,{}]', "open open_cohort_days"]);
    });
});
