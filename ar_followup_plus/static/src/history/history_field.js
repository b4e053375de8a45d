import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

/** What happened with a customer, newest first; a click opens what it was. */
export class HistoryField extends Component {
    static template = "ar_followup_plus.HistoryField";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
    }

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }

    open(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: row.model,
            res_id: row.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("ar_followup_history", {
    component: HistoryField,
    displayName: _t("Follow-up history"),
    supportedTypes: ["json"],
});
