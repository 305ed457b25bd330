import { registry } from "@web/core/registry";

const BACK = {
    content: "Back to the report",
    trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a:first",
    run: "click",
};

registry.category("web_tour.tours").add("logistics_clv_whale_curve", {
    steps: () => [
        {
            content: "The peak is above all clients together",
            trigger: ".o_logistics_value_tile[name=peak]",
        },
        {
            content: "Open the best client",
            trigger: ".o_whale_slice[data-start='0']",
            run: "click",
        },
        {
            content: "The best client is listed",
            trigger: ".o_data_row td[name=client_id]:contains('Client A')",
        },
        BACK,
        { content: "The curve is there again", trigger: ".o_whale_line" },
    ],
});

registry.category("web_tour.tours").add("logistics_clv_stage_tier", {
    steps: () => [
        {
            content: "Show the value",
            trigger: "select[name=measure]",
            run: "select historical",
        },
        {
            content: "Open a cell",
            trigger: ".o_logistics_value_cell button:first",
            run: "click",
        },
        { content: "Its clients are listed", trigger: ".o_list_view .o_data_row" },
        BACK,
        { content: "The matrix is there again", trigger: ".o_logistics_value_matrix" },
    ],
});

registry.category("web_tour.tours").add("logistics_clv_migration", {
    steps: () => [
        {
            content: "Somebody went down",
            trigger: ".o_logistics_value_cell.o_value_bad button",
            run: "click",
        },
        {
            content: "It is Client B",
            trigger: ".o_data_row td[name=client_id]:contains('Client B')",
        },
        BACK,
        {
            content: "Stages instead of tiers",
            trigger: "select[name=kind]",
            run: "select stage",
        },
        { content: "The stages are shown", trigger: ".o_logistics_value_matrix th:contains('stage')" },
    ],
});

registry.category("web_tour.tours").add("logistics_clv_cohorts", {
    steps: () => [
        {
            content: "One of four came back",
            trigger: ".o_logistics_value_cell:contains('25%') button",
            run: "click",
        },
        {
            content: "It is Client A",
            trigger: ".o_data_row td[name=client_id]:contains('Client A')",
        },
        BACK,
        {
            content: "Show the contribution",
            trigger: "select[name=measure]",
            run: "select contribution",
        },
        { content: "It has totals", trigger: "tfoot .o_logistics_value_total" },
    ],
});
