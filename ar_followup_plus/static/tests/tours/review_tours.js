import {registry} from "@web/core/registry";

const MAIL = ".o_ar_mail_frame iframe";

/** What the reader of the mail would see. */
function mailText() {
    const frame = document.querySelector(MAIL);
    return frame?.contentDocument?.body?.innerText || "";
}

async function until(condition, what) {
    const end = Date.now() + 20000;
    while (!condition()) {
        if (Date.now() > end) {
            throw new Error(`It never came: ${what}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
}

/* A collector reads the mail, changes its text, sees the result before it is saved,
   and sends it. */
registry.category("web_tour.tours").add("ar_followup_review", {
    steps: () => [
        {
            content: "The mail as it leaves, in its frame",
            trigger: MAIL,
            run: () => until(() => mailText().includes("Dear Ann"), "the mail"),
        },
        {trigger: ".o_notebook .nav-link[name=text]", run: "click"},
        {
            content: "Change the text",
            trigger: ".o_field_html[name=body] .odoo-editor-editable p",
            run: "editor Dear Ann, as we said on the phone,",
        },
        {trigger: ".o_notebook .nav-link[name=mail]", run: "click"},
        {
            content: "The mail shows it at once",
            trigger: MAIL,
            run: () => until(() => mailText().includes("on the phone"), "the edit"),
        },
        {trigger: "button[name=action_send]", run: "click"},
        {
            content: "It was sent, by whom and edited by whom",
            trigger: ".o_arrow_button_current:contains('Sent')",
        },
        {trigger: ".o_field_widget[name=edited_text]:contains('Carla')"},
    ],
});

/* A run is watched: the page moves on without being asked. */
registry.category("web_tour.tours").add("ar_followup_watch_run", {
    steps: () => [
        {
            content: "It says what it does",
            trigger: ".o_field_widget[name=progress_text]:contains('Collecting')",
        },
        {
            content: "Somebody else works the day, as the tick does",
            trigger: ".o_form_view",
            run: async () => {
                const {services} = odoo.__WOWL_DEBUG__.root.env;
                const {resModel, resId} = services.action.currentController.props;
                await services.orm.call(resModel, "action_run", [[resId]]);
            },
        },
        {
            content: "The page shows the day without being asked",
            trigger: ".o_ar_report section:contains('Written to'):contains('Ann')",
            timeout: 20000,
        },
        {trigger: ".o_arrow_button_current:contains('Done')"},
        {
            content: "A name leads to the reminder",
            trigger: ".o_ar_report a[data-id]:contains('Ann')",
            run: "click",
        },
        {trigger: MAIL},
    ],
});
