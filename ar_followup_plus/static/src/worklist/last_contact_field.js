import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {usePopover} from "@web/core/popover/popover_hook";

/** Who spoke with a customer last, when, how, and what was said. */
export class LastContact extends Component {
    static template = "ar_followup_plus.LastContact";
    static props = {contact: Object, close: {type: Function, optional: true}};
}

/** The day of the last contact; a click, a tap or a key tells all of it. */
export class LastContactField extends Component {
    static template = "ar_followup_plus.LastContactField";
    static props = {...standardFieldProps};

    setup() {
        this.popover = usePopover(LastContact, {position: "bottom"});
    }

    get contact() {
        return this.props.record.data[this.props.name];
    }

    open(ev) {
        this.popover.open(ev.currentTarget, {contact: this.contact});
    }
}

registry.category("fields").add("ar_last_contact", {
    component: LastContactField,
    displayName: _t("Last contact"),
    supportedTypes: ["json"],
});
