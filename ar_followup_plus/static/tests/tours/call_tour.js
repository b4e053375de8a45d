import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const FIELD = (name) => `.modal .o_field_widget[name=${name}]`;
const OUTCOME = (code) => `${FIELD("outcome")} input[data-value=${code}]`;
const HISTORY = ".o_ar_history";

/* A collector logs a call from the customer's case, with the keyboard alone. */
tours.add("ar_followup_call", {
    steps: () => [
        {trigger: "button[name=action_log_call]", run: "click"},
        {
            content: "The guide stands beside it",
            trigger: `${FIELD("call_guide")}:contains('wrong with the goods')`,
        },
        {trigger: `${FIELD("open_item_ids")}:contains('1,000.00')`},
        {
            content: "The outcome comes first: one may type at once",
            trigger: ".modal:has(.o_field_widget[name=outcome] input:focus)",
        },
        {trigger: `.modal:not(:has(${FIELD("promise_date")}:visible))`},
        {trigger: OUTCOME("promise"), run: "click"},
        {trigger: `${FIELD("promise_amount")} input`, run: "edit 5000"},
        {
            trigger: `${FIELD("promise_date")} input`,
            run: "edit 01/10/2026 && press Tab",
        },
        {
            trigger: `${FIELD("summary")} textarea`,
            run: "edit They pay when their own customer has paid.",
        },
        {trigger: ".modal button[name=action_save]", run: "click"},
        {
            content: "It says what is wrong, and keeps what was typed",
            trigger: ".o_error_dialog:contains('is open')",
        },
        {trigger: ".o_error_dialog button.btn-primary", run: "click"},
        {
            trigger: `${FIELD("summary")} textarea:value(They pay when their own customer has paid.)`,
        },
        {trigger: `${FIELD("promise_amount")} input`, run: "edit 400 && press Tab"},
        {trigger: ".modal button[name=action_save]", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {trigger: "a[name=history]", run: "click"},
        {trigger: `${HISTORY}:contains('They pay when their own customer has paid.')`},
    ],
});

/* Afterwards, the entry is put right, and the customer gets a recap. */
tours.add("ar_followup_call_correct", {
    steps: () => [
        {trigger: "a[name=history]", run: "click"},
        {
            trigger: `${HISTORY} li:contains('own customer') a`,
            run: "click",
        },
        {trigger: "button[name=action_correct]", run: "click"},
        {
            trigger: `${FIELD("summary")} textarea`,
            run: "edit They pay when the bank has agreed.",
        },
        {trigger: ".modal button[name=action_save_and_recap]", run: "click"},
        {
            content: "It is read before it leaves",
            trigger: ".o_arrow_button_current:contains('To Review')",
        },
        {trigger: ":iframe b:contains('400.00')"},
        {trigger: "button[name=action_send]", run: "click"},
        {trigger: ".o_arrow_button_current:not(:contains('To Review'))"},
    ],
});
