import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const COUNT = ".modal .o_field_widget[name=installment_count] input";
const SCHEDULE = ".modal .o_field_widget[name=line_ids]";
const ON_CASE = ".o_field_widget[name=plans_now]";
const SIGNATURE = ".modal canvas.o_web_sign_signature";
const NAME = ".modal .o_web_sign_name_and_signature input";

/* A collector proposes a plan from the customer's case; the schedule follows. */
tours.add("ar_followup_plan_propose", {
    steps: () => [
        {trigger: "button[name=action_propose_plan]", run: "click"},
        {
            content: "Three instalments unless somebody says otherwise",
            trigger: `${SCHEDULE} .o_data_row:eq(2)`,
        },
        {trigger: COUNT, run: "edit 2 && press Tab"},
        {
            content: "The schedule follows what is typed",
            trigger: `${SCHEDULE} .o_data_row:eq(1):contains('500.00')`,
        },
        {trigger: `${SCHEDULE}:not(:has(.o_data_row:eq(2)))`},
        {
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit A large order is paid next month.",
        },
        {trigger: ".modal button[name=action_submit]", run: "click"},
        {
            content: "The case says where it stands",
            trigger: `${ON_CASE}:contains('waits for approval')`,
        },
        {
            content: "A click leads to the plan",
            trigger: `${ON_CASE} a`,
            run: "click",
        },
        {trigger: ".o_arrow_button_current:contains('To Approve')"},
        {
            content: "Whoever asked for it has nothing to approve",
            trigger: ".o-mail-Chatter:not(:has(.o-ar-approve))",
        },
    ],
});

/* The approver decides on the activity in the chatter. */
tours.add("ar_followup_plan_approve", {
    steps: () => [
        {trigger: ".o-mail-Activity:contains('1,000.00')"},
        {trigger: ".o-mail-Activity .o-ar-approve", run: "click"},
        {trigger: ".o_arrow_button_current:contains('Offered')"},
        {trigger: ".o-mail-Chatter:not(:has(.o-ar-approve))"},
    ],
});

tours.add("ar_followup_plan_refuse", {
    steps: () => [
        {trigger: ".o-mail-Activity .o-ar-refuse", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit One half now, please.",
        },
        {trigger: ".modal button[name=action_refuse]", run: "click"},
        {trigger: ".o_arrow_button_current:contains('Draft')"},
    ],
});

/* The collector reads why, and may submit it again. */
tours.add("ar_followup_plan_refused", {
    steps: () => [
        {trigger: ".alert:contains('One half now, please.')"},
        {trigger: ".o-mail-Message:contains('One half now, please.')"},
        {trigger: "button[name=action_submit]:visible"},
    ],
});

/* The customer reads the offer, and accepts it with name and signature. */
tours.add("ar_followup_plan_accept", {
    steps: () => [
        {trigger: "a:contains('Accept')", run: "click"},
        // the first letter brings the place that the others are drawn in
        {trigger: NAME, run: "fill A"},
        {trigger: SIGNATURE, run: "canvasNotEmpty"},
        {trigger: NAME, run: "fill nn Example"},
        {trigger: `${NAME}:value(Ann Example)`},
        {
            trigger: ".modal .o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".alert-success:contains('Thank you')"},
        {
            content: "What is due first can be paid from here",
            trigger: ".o_portal_content:contains('To be paid by')",
        },
    ],
});
