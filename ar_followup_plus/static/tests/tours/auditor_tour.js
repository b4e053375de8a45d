import {registry} from "@web/core/registry";
import {rpcBus} from "@web/core/network/rpc";
import {waitUntil} from "@web/core/macro";

const PAGES = [
    "ar_followup_case_action",
    "ar_followup_reminder_action_to_review",
    "ar_followup_reminder_action",
    "ar_contact_log_action",
    "ar_followup_hold_action",
    "ar_followup_run_action",
    "ar_followup_decision_action",
    "ar_followup_policy_action",
    "ar_payment_promise_action",
    "ar_dispute_action",
];
// What only opens a page to read, or to print.
const WINDOWS = [
    "action_open_case",
    "action_open_cases",
    "action_open_disputes",
    "action_open_invoice",
    "action_open_invoices",
    "action_open_promises",
    "action_statement",
];
// Of Odoo's own: to add a row, to save one, to write in the chatter.
const ODOOS = [
    ".o_list_button_add",
    ".o-kanban-button-new",
    ".o_form_button_create",
    ".o_form_button_save",
    ".o_field_x2many_list_row_add",
    ".o_list_record_remove",
    ".o-mail-Chatter-sendMessage",
    ".o-mail-Chatter-logNote",
    ".o-mail-Chatter-activity",
    ".o-mail-Chatter-attachFiles",
];
const INPUTS = ["input", "textarea", "[contenteditable=true]"].map(
    (kind) => `.o_content .o_field_widget ${kind}`
);
const PAGE_TIMEOUT = 60000;

const waiting = new Set();
rpcBus.addEventListener("RPC:REQUEST", ({detail}) => waiting.add(detail.data.id));
rpcBus.addEventListener("RPC:RESPONSE", ({detail}) => waiting.delete(detail.data.id));

async function drawn(selector, where) {
    await waitUntil(() => {
        const dialog = document.querySelector(".o_error_dialog, .o_dialog");
        if (dialog) {
            throw new Error(`${where}: a dialog came up: ${dialog.innerText}`);
        }
        return document.querySelector(`.o_action_manager ${selector}`) && !waiting.size;
    });
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

function visible(selector) {
    return [...document.querySelectorAll(`.o_action_manager ${selector}`)].filter(
        (element) => element.offsetParent && !element.disabled
    );
}

/** Whether a button only leads to another page, or marks a message for oneself. */
function isHarmless(button) {
    const name = button.getAttribute("name");
    return (
        WINDOWS.includes(name) ||
        /^\d+$/.test(name) ||
        Boolean(button.closest(".o-mail-Message"))
    );
}

function assertNothingToActWith(where) {
    const found = [
        ...visible("button[name]:not(.nav-link), a[type=object]").filter(
            (button) => !isHarmless(button)
        ),
        ...ODOOS.flatMap(visible),
        ...INPUTS.flatMap(visible).filter(
            (input) => !input.readOnly && input.type !== "hidden"
        ),
    ];
    if (found.length) {
        const what = found.map((element) => element.outerHTML.slice(0, 200));
        throw new Error(`${where}: an auditor can act: ${what.join("\n")}`);
    }
}

/** The menu behind the cog deletes or copies nothing.
 *
 *  Odoo's own “Archive” is there for every reader of what can be archived; the server
 *  refuses them. */
async function assertNoActions(where) {
    const cog = visible(
        ".o_cp_action_menus .dropdown-toggle, .o_cp_action_menus button"
    );
    for (const button of cog) {
        button.click();
        await new Promise((resolve) => setTimeout(resolve, 100));
        const words = document.querySelector(".o-dropdown--menu")?.innerText || "";
        if (/Delete|Duplicate|Import/.test(words)) {
            throw new Error(`${where}: an auditor can act: ${words}`);
        }
        document.body.click();
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

async function visit(name) {
    const {action} = odoo.__WOWL_DEBUG__.root.env.services;
    await action.doAction(`ar_followup_plus.${name}`, {clearBreadcrumbs: true});
    const views = action.currentController.action.views.map((view) => view[1]);
    for (const view of views.filter((own) => !["form", "search"].includes(own))) {
        await action.switchView(view);
        await drawn(`.o_${view}_view`, `${name}, ${view}`);
        assertNothingToActWith(`${name}, ${view}`);
    }
    await action.switchView("list");
    await drawn(".o_list_view .o_data_row", name);
    // the buttons above a list come with what is selected
    document.querySelector(".o_data_row .o_list_record_selector input").click();
    await drawn(".o_selection_box, .o_list_selection_box", `${name}, one selected`);
    assertNothingToActWith(`${name}, one selected`);
    await assertNoActions(`${name}, one selected`);
    const {length} = document.querySelectorAll(".o_data_row");
    for (let i = 0; i < length; i++) {
        await action.switchView("list");
        await drawn(".o_list_view .o_data_row", name);
        document
            .querySelectorAll(".o_data_row")
            [i].querySelector(".o_data_cell")
            .click();
        await drawn(".o_form_view .o_form_readonly", `${name}, a record`);
        await read(`${name}, record ${i + 1}`);
    }
}

/** All pages of a form. */
async function read(where) {
    await assertNoActions(where);
    assertNothingToActWith(where);
    const {length} = document.querySelectorAll(".o_notebook_headers .nav-link");
    for (let i = 0; i < length; i++) {
        const tab = document.querySelectorAll(".o_notebook_headers .nav-link")[i];
        tab.click();
        await drawn(".o_form_view", `${where}, ${tab.innerText}`);
        assertNothingToActWith(`${where}, ${tab.innerText}`);
    }
}

/* Every page of ours has something to read, and nothing that acts. */
registry.category("web_tour.tours").add("ar_followup_auditor", {
    steps: () =>
        PAGES.map((name) => ({
            content: `Read ${name}`,
            trigger: "body",
            timeout: PAGE_TIMEOUT,
            run: () => visit(name),
        })),
});
