import {registry} from "@web/core/registry";

const row = (name) => `.o_data_row:has([name=partner_id]:contains(${name}))`;
const NOTE = ".modal .o_field_widget[name=note] textarea";

/* A collector works through the list without opening anybody, and without a mouse. */
registry.category("web_tour.tours").add("ar_followup_worklist", {
    steps: () => [
        {
            content: "From the search into the list, down to the row",
            trigger: `${row("Ann")} button[name=action_send_next]`,
            run: ({anchor}) => anchor.focus(),
        },
        {
            trigger: `${row("Ann")} button[name=action_send_next]:focus`,
            run: "press Enter",
        },
        {
            content: "It is said to whom it goes",
            trigger: ".o_notification:contains('leaves now, to ann@customer.example')",
        },
        {
            content: "The list is read anew, and one goes on where one was",
            trigger: `${row("Ann")}:contains('An answer is awaited')`,
        },
        {
            trigger: `${row("Ann")} button[name=action_send_next]:focus`,
            run: "press Enter",
        },
        {
            content: "Why there is no second one, and when there is",
            trigger: ".o_notification:contains('Ann – An answer is awaited. Then')",
        },
        {
            trigger: `${row("Ann")} button[name=action_pause]`,
            run: ({anchor}) => anchor.focus(),
        },
        {trigger: `${row("Ann")} button[name=action_pause]:focus`, run: "press Enter"},
        {trigger: NOTE, run: "press Escape"},
        {
            content: "Nothing was paused; the focus is back",
            trigger: `body:not(:has(.modal)) ${row("Ann")} button[name=action_pause]:focus`,
            run: "press ArrowDown",
        },
        {
            content: "Another customer is selected and paused",
            trigger: `${row("Ben")} button:focus`,
            run: "press Shift+Space",
        },
        {
            trigger: ".o_control_panel button[name=action_pause]",
            run: "press Alt+Shift+P",
        },
        {trigger: NOTE, run: "edit They move house."},
        {trigger: ".modal button[name=action_pause]", run: "click"},
        {trigger: `body:not(:has(.modal)) ${row("Ben")}:contains('Paused')`},
        {trigger: `${row("Ben")} :focus`},
        {
            content: "A call is logged in a dialog, one key from the row",
            trigger: `${row("Ben")} button[name=action_log_call]`,
            run: ({anchor}) => anchor.focus(),
        },
        {
            trigger: `${row("Ben")} button[name=action_log_call]:focus`,
            run: "press Enter",
        },
        {trigger: ".modal .o_form_view", run: "press Escape"},
        {
            content: "What the score is made up of",
            trigger: `body:not(:has(.modal)) ${row("Ben")} [name=score] button`,
            run: "click",
        },
        {trigger: ".o_ar_score_parts:contains('Days overdue')", run: "press Escape"},
        {
            content: "The last contact, without opening the customer",
            trigger: `${row("Ann")} [name=last_contact] button`,
            run: "click",
        },
        {trigger: ".o_ar_last_contact:contains('Email: Sent')"},
    ],
});

/* The same on the board, as on a phone. */
registry.category("web_tour.tours").add("ar_followup_board", {
    steps: () => [
        {
            content: "The highest score of the lane comes first",
            trigger: ".o_kanban_group .o_kanban_record:first:contains('Ann')",
        },
        {
            trigger: ".o_kanban_record:contains('Ann') button[name=action_send_next]",
            run: "click",
        },
        {trigger: ".o_notification:contains('leaves now, to ann@customer.example')"},
        {trigger: ".o_kanban_record:contains('Ann'):contains('An answer is awaited')"},
        {
            content: "What the score is made up of; the card is not opened by it",
            trigger: ".o_kanban_record:contains('Ann') [name=score] button",
            run: "click",
        },
        {trigger: ".o_kanban_view"},
        {trigger: ".o_ar_score_parts:contains('Overdue')"},
    ],
});
