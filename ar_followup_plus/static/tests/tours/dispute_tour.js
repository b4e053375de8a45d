import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const AMOUNT = ".modal .o_field_widget[name=amount_disputed] input";
const REASON = ".modal .o_field_widget[name=reason_id] input";
const SAID = ".modal .o_field_widget[name=description] textarea";
const ON_CASE = ".o_field_widget[name=disputes_now]";

/* From the customer's case: what is wrong, and how much of it. */
tours.add("ar_followup_dispute_record", {
    steps: () => [
        {trigger: "button[name=action_dispute]", run: "click"},
        {
            content: "The only open invoice is meant, and all of it",
            trigger: `${AMOUNT}:value(1,000.00)`,
        },
        {trigger: AMOUNT, run: "edit 300 && press Tab"},
        {trigger: REASON, run: "edit Price"},
        {trigger: ".o-autocomplete--dropdown-item:contains('Price')", run: "click"},
        {trigger: SAID, run: "edit The discount is missing."},
        {trigger: ".modal footer .btn-primary", run: "click"},
        {
            content: "The case says that somebody looks into it",
            trigger: `${ON_CASE}:contains('300.00'):contains('Looked into by')`,
        },
        {trigger: `${ON_CASE} a`, run: "click"},
        {trigger: ".o_arrow_button_current:contains('Open')"},
    ],
});

/* The owner finds that the customer is right, in a part. */
tours.add("ar_followup_dispute_accept", {
    steps: () => [
        {trigger: "button[name=action_open_accept]", run: "click"},
        {trigger: ".modal .o_radio_input[data-value=part]", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=amount] input",
            run: "edit 200 && press Tab",
        },
        {
            trigger: ".modal .o_field_widget[name=explanation] textarea",
            run: "edit The discount is for the chairs only.",
        },
        {trigger: ".modal button[name=action_accept]", run: "click"},
        {trigger: ".o_arrow_button_current:contains('Partly')"},
        {trigger: ".alert:contains('200.00')"},
        {trigger: "button[name=action_open_credit_note]", run: "click"},
        {
            content: "An accountant finds the draft, and posts it",
            trigger: ".o-mail-Activity:contains('200.00')",
        },
        {trigger: "button[name=action_post]:visible", run: "click"},
        {trigger: ".o_arrow_button_current:contains('Posted')"},
    ],
});

/* It is right as it is: the customer is told why. */
tours.add("ar_followup_dispute_reject", {
    steps: () => [
        {trigger: "button[name=action_open_reject]", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=explanation] textarea",
            run: "edit All twelve were signed for.",
        },
        {trigger: ".modal button[name=action_reject]", run: "click"},
        {trigger: ".o_arrow_button_current:contains('Rejected')"},
        {trigger: ".o_field_widget[name=explanation]:contains('signed for')"},
    ],
});
