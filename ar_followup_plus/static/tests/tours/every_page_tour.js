import {registry} from "@web/core/registry";
import {rpcBus} from "@web/core/network/rpc";
import {waitUntil} from "@web/core/macro";

// A page has as many views as its action, and each has to be drawn in this time.
const PAGE_TIMEOUT = 60000;
const NEW_BUTTON = ".o_list_button_add, .o-kanban-button-new";

const waiting = new Set();
rpcBus.addEventListener("RPC:REQUEST", ({detail}) => waiting.add(detail.data.id));
rpcBus.addEventListener("RPC:RESPONSE", ({detail}) => waiting.delete(detail.data.id));

function services() {
    return odoo.__WOWL_DEBUG__.root.env.services;
}

function failOnDialog(where) {
    const dialog = document.querySelector(".o_error_dialog, .o_dialog");
    if (dialog) {
        throw new Error(`${where}: a dialog came up: ${dialog.innerText}`);
    }
}

/** Wait until the selected part is there and the server has nothing more to say. */
async function drawn(selector, where) {
    await waitUntil(() => {
        failOnDialog(where);
        return document.querySelector(`.o_action_manager ${selector}`) && !waiting.size;
    });
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    failOnDialog(where);
}

async function click(element, selector, where) {
    element.click();
    await drawn(selector, where);
}

/** Open every page of the form's notebook, so that their lists are drawn, too. */
async function turnPages(where) {
    const count = document.querySelectorAll(".o_notebook_headers .nav-link").length;
    for (let i = 0; i < count; i++) {
        const tab = document.querySelectorAll(".o_notebook_headers .nav-link")[i];
        await click(tab, ".o_form_view", `${where}, ${tab.innerText}`);
    }
}

/** From a list or a kanban: the first record, and a new one where people may. */
async function openForms(view, where) {
    const {action} = services();
    const back = async () => {
        // by the breadcrumbs: a row may lead to a page of another action
        await action.restore();
        await drawn(`.o_${view}_view`, where);
    };
    const group = document.querySelector(".o_group_header");
    if (group) {
        await click(group, ".o_data_row", `${where}, a group`);
    }
    const record = document.querySelector(
        ".o_data_row .o_data_cell, .o_kanban_record:not(.o_kanban_ghost)"
    );
    if (!record) {
        throw new Error(`${where}: there is no record to open`);
    }
    await click(record, ".o_form_view", `${where}, a record`);
    await turnPages(`${where}, a record`);
    await back();
    const button = [...document.querySelectorAll(NEW_BUTTON)].find(
        (found) => found.offsetParent
    );
    if (button) {
        await click(button, ".o_form_view", `${where}, a new one`);
        await turnPages(`${where}, a new one`);
        await back();
    }
}

async function visit({name, menu, action: request, context = {}}) {
    const {action, menu: menus} = services();
    if (menu) {
        const found = menus.getAll().find((known) => known.xmlid === menu);
        if (!found) {
            throw new Error(`${name}: not among the menus`);
        }
        await menus.selectMenu(found);
    } else {
        await action.doAction(request, {
            clearBreadcrumbs: true,
            additionalContext: context,
        });
    }
    const views = action.currentController.action.views.map((view) => view[1]);
    const multi = views.filter((view) => view !== "form" && view !== "search");
    for (const view of multi) {
        await action.switchView(view);
        await drawn(`.o_${view}_view`, `${name}, ${view}`);
    }
    if (!multi.length) {
        await drawn(".o_form_view", name);
        await turnPages(name);
    } else if (views.includes("form")) {
        // an analysis begins with figures: its records are in the list
        const first = multi.find((view) => ["list", "kanban"].includes(view));
        await action.switchView(first);
        await drawn(`.o_${first}_view`, name);
        await openForms(first, name);
    }
}

/* The test says which pages: odoo.arFollowupPages, a list of
   {name, menu or action, context}. */
registry.category("web_tour.tours").add("ar_followup_every_page", {
    steps: () =>
        (odoo.arFollowupPages || []).map((page) => ({
            content: `Open ${page.name}`,
            trigger: "body",
            timeout: PAGE_TIMEOUT,
            run: () => visit(page),
        })),
});
