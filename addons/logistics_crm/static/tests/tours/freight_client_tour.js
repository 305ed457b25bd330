import { registry } from "@web/core/registry";

const STAGES = ".o_form_view .o_statusbar_status";

registry.category("web_tour.tours").add("freight_client_tour", {
    steps: () => [
        {
            content: "the board has a column for the first stage",
            trigger: ".o_kanban_group:first:contains(first)",
        },
        {
            content: "create a client",
            trigger: ".o_control_panel_main_buttons .o-kanban-button-new",
            run: "click",
        },
        {
            content: "name it",
            trigger: ".o_form_view .o_field_widget[name=name] :is(input, textarea)",
            run: "edit Tour Client",
        },
        {
            content: "it starts in the first stage",
            trigger: `${STAGES} button[aria-checked=true]:contains(first)`,
        },
        {
            content: "open the Freight page",
            trigger: "a[name=logistics_profile]",
            run: "click",
        },
        {
            content: "add a role",
            trigger: "[name=logistics_role_ids] input",
            run: "edit Shipper",
        },
        {
            content: "choose it",
            trigger: ".o-autocomplete--dropdown-item:contains(Shipper)",
            run: "click",
        },
        {
            content: "it is there",
            trigger: "[name=logistics_role_ids] .o_tag:contains(Shipper)",
        },
        {
            content: "open the Trade Lanes page",
            trigger: "a[name=logistics_lanes]",
            run: "click",
        },
        {
            content: "add a lane",
            trigger: ".o_logistics_add:contains(Add a trade lane)",
            run: "click",
        },
        {
            content: "enter the origin by its Chinese name",
            trigger: ".modal [name=origin_id] input",
            run: "edit 试验港",
        },
        {
            content: "choose it",
            trigger: ".o-autocomplete--dropdown-item:contains(Testhaven)",
            run: "click",
        },
        {
            content: "enter the destination by its code",
            trigger: ".modal [name=destination_id] input",
            run: "edit CNZZ3",
        },
        {
            content: "choose it",
            trigger: ".o-autocomplete--dropdown-item:contains(Farport)",
            run: "click",
        },
        {
            content: "enter the volume",
            trigger: ".modal [name=yearly_volume] input",
            run: "edit 120",
        },
        {
            content: "keep the lane",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "it is listed",
            trigger:
                "body:not(:has(.modal)) .o_logistics_related_list tr.o_data_row:contains(Farport)",
        },
        {
            content: "it is saved",
            trigger: ".o_form_view .o_form_saved",
        },
        {
            content: "move it to the second stage",
            trigger: `${STAGES} button:contains(second)`,
            run: "click",
        },
        {
            content: "it has moved",
            trigger: `${STAGES} button[aria-checked=true]:contains(second)`,
        },
        {
            content: "back to the Freight page",
            trigger: "a[name=logistics_profile]",
            run: "click",
        },
        {
            content: "look at the history",
            trigger: "button[name=action_view_logistics_moves]",
            run: "click",
        },
        {
            content: "both moves are there",
            trigger:
                ".o_list_view:has(td[name=to_stage_id]:contains(first)) td[name=to_stage_id]:contains(second)",
        },
        {
            content: "back to the board",
            trigger: ".breadcrumb a:contains(Clients), .o_back_button",
            run: "click",
        },
    ],
});
