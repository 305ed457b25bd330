import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("freight_quote_tour", {
    steps: () => [
        {
            content: "open the Freight page",
            trigger: ".o_form_view a[name=freight]",
            run: "click",
        },
        {
            content: "find rates",
            trigger: "button[name=action_find_rates]",
            run: "click",
        },
        {
            content: "two options are there",
            trigger:
                "[name=logistics_option_ids] tr.o_data_row:contains(Red Line) ~ tr.o_data_row:contains(Blue Line)",
        },
        {
            content: "a salesperson sees prices, not costs",
            trigger:
                "[name=logistics_option_ids]:has(th[data-name=sell_amount]):not(:has(th[data-name=buy_amount]))",
        },
        {
            content: "look at the details of an option",
            trigger:
                "[name=logistics_option_ids] tr:contains(Blue Line) button[name=action_open]",
            run: "click",
        },
        {
            content: "its charges are listed",
            trigger: ".modal [name=line_ids] td:contains(Ocean Freight)",
        },
        {
            content: "close the details",
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            content: "choose the option",
            trigger:
                "body:not(:has(.modal)) [name=logistics_option_ids] tr:contains(Blue Line) button[name=action_choose]",
            run: "click",
        },
        {
            content: "it is marked as chosen",
            trigger: "[name=logistics_option_ids] tr:contains(Blue Line):not(:has(button[name=action_choose]))",
        },
        {
            content: "look at the order lines",
            trigger: "a[name=order_lines]",
            run: "click",
        },
        {
            content: "the sections are there",
            trigger: "[name=order_line] tr.o_is_line_section input:value(Main Carriage)",
        },
        {
            content: "the freight is there with its price",
            trigger: "[name=order_line] tr.o_data_row:contains(Ocean Freight):contains(3,256.00)",
        },
        {
            content: "no cost column",
            trigger: "[name=order_line]:not(:has(th[data-name=purchase_price]))",
        },
    ],
});
