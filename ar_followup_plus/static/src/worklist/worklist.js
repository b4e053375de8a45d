import {KanbanController} from "@web/views/kanban/kanban_controller";
import {ListController} from "@web/views/list/list_controller";
import {ListRenderer} from "@web/views/list/list_renderer";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";
import {onPatched, useExternalListener} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useBus, useService} from "@web/core/utils/hooks";

const ROW = ".o_data_row[data-id], .o_kanban_record[data-id]";

/**
 * A button is switched off while it works, and the page is read anew afterwards: who
 * works with the keyboard would have to begin at the top. Here they go on in their row.
 *
 * @param {typeof Component} Controller of a list or a board
 */
const comingBack = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            this.place = null;
            this.isAway = false;
            this.isLoaded = false;
            this.ui = useService("ui");
            useExternalListener(window, "focusin", ({target}) => this.remember(target));
            onPatched(() => this.comeBack());
            // A dialog is closed after the page was read. Who had the focus comes first.
            useBus(this.ui.bus, "active-element-changed", () =>
                setTimeout(() => this.comeBack())
            );
        }

        get modelParams() {
            const params = super.modelParams;
            const onRootLoaded = async (...args) => {
                await params.hooks?.onRootLoaded?.(...args);
                this.isLoaded = true;
            };
            return {...params, hooks: {...params.hooks, onRootLoaded}};
        }

        async beforeExecuteActionButton() {
            this.isAway = true;
            this.isLoaded = false;
            return super.beforeExecuteActionButton(...arguments);
        }

        get rows() {
            return [...this.rootRef.el.querySelectorAll(ROW)];
        }

        /** @returns {Number|undefined} id of the customer in a row */
        customerOf(row) {
            const {records} = this.model.root;
            return records.find((record) => record.id === row.dataset.id)?.resId;
        }

        /** Where the focus is, as long as it is in a row. */
        remember(target) {
            const row = target.closest(ROW);
            if (row && this.rootRef.el?.contains(row)) {
                const index = this.rows.indexOf(row);
                this.place = {index, id: this.customerOf(row), button: target.name};
            }
        }

        /** Focus the same button of the same customer, else who is in its place now. */
        comeBack() {
            const isBusy = !this.isLoaded || this.ui.activeElement !== document;
            if (!this.isAway || isBusy || !this.rootRef.el) {
                return;
            }
            this.isAway = false;
            const {place, rows} = this;
            if (!place || document.activeElement !== document.body) {
                return;
            }
            const row =
                rows.find((candidate) => this.customerOf(candidate) === place.id) ||
                rows[Math.min(place.index, rows.length - 1)];
            const button = place.button && row?.querySelector(`[name=${place.button}]`);
            (button || row?.querySelector("td[tabindex]") || row)?.focus();
        }
    };

class WorklistRenderer extends ListRenderer {
    /** Enter on a button presses it; elsewhere in the row it opens the customer. */
    onCellKeydownReadOnlyMode(hotkey, cell, group, record) {
        if (hotkey === "enter" && record && document.activeElement.matches("button")) {
            return false;
        }
        return super.onCellKeydownReadOnlyMode(hotkey, cell, group, record);
    }
}

registry.category("views").add("ar_worklist_list", {
    ...listView,
    Controller: comingBack(ListController),
    Renderer: WorklistRenderer,
});
registry.category("views").add("ar_worklist_kanban", {
    ...kanbanView,
    Controller: comingBack(KanbanController),
});
