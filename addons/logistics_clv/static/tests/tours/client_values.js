import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("logistics_clv_values", {
    steps: () => [
        {
            content: "Nothing is computed yet",
            trigger: ".o_view_nocontent:contains('No client value computed yet')",
        },
        {
            content: "Start the computation",
            trigger: "button[name=action_compute]",
            run: "click",
        },
        {
            content: "A notification with a bar says that it is done",
            trigger:
                ".o_logistics_value_progress_run[data-state=done] .progress[aria-valuenow='100']",
        },
        {
            content: "Open the first client",
            trigger: ".o_data_row td[name=client_id]:contains('Client A')",
            run: "click",
        },
        {
            content: "Its entries",
            trigger: "button[name=action_open_entries]",
            run: "click",
        },
        {
            content: "The entries of the client are listed",
            trigger: ".o_list_view .o_data_row td[name=client_id]:contains('Client A')",
        },
    ],
});
