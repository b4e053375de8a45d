import {Component, xml} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

/**
 * A report made by the server, whose links open what they name in this window.
 *
 * `data-model` and `data-id` name a record, `data-part` a list that the record's
 * `action_open_part` opens. With a key for a new tab, the browser follows the link.
 */
export class ArReportField extends Component {
    static props = {...standardFieldProps};
    static template = xml`
        <div class="o_ar_report w-100" t-on-click="onClick"
             t-out="props.record.data[props.name]"/>`;

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    async onClick(ev) {
        const link = ev.target.closest("a[data-id], a[data-part]");
        if (!link || ev.ctrlKey || ev.metaKey || ev.shiftKey) {
            return;
        }
        ev.preventDefault();
        const {model, id, part} = link.dataset;
        if (part) {
            const {resModel, resId} = this.props.record;
            const args = [[resId], part];
            const action = await this.orm.call(resModel, "action_open_part", args);
            await this.action.doAction(action);
            return;
        }
        await this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: Number(id),
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("ar_report", {
    component: ArReportField,
    supportedTypes: ["html"],
});
