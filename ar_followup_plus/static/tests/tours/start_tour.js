import {registry} from "@web/core/registry";

function at(step) {
    return {
        content: `At the step ${step}`,
        trigger: `.o_arrow_button_current[data-value='${step}']`,
    };
}

function press(button) {
    return {
        content: `Press ${button}`,
        trigger: `.o_statusbar_buttons button[name='${button}']`,
        run: "click",
    };
}

/* An admin starts: releases the old invoice, and switches to review. */
registry.category("web_tour.tours").add("ar_followup_start", {
    steps: () => [
        at("owed"),
        {
            content: "What is owed is told",
            trigger: ".o_field_widget[name='page']:contains('money: 1')",
        },
        press("action_next"),
        at("older"),
        {
            content: "Release the older invoices",
            trigger: "input[data-value='release']",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".o_field_widget[name='reason'] textarea",
            run: "edit They asked for it.",
        },
        press("action_next"),
        at("check"),
        {
            content: "It says what changes",
            trigger: ".o_field_widget[name='page']:contains('friendly level: 1')",
        },
        press("action_apply"),
        at("mode"),
        {
            content: "It says what would happen today",
            trigger: ".o_field_widget[name='page']:contains('1 of 1 customers')",
        },
        {
            content: "Review is recommended",
            trigger: "input[data-value='review']:checked",
        },
        press("action_finish"),
        {
            content: "The customers are there",
            trigger: ".o_data_row:contains('Late Payer')",
        },
    ],
});
