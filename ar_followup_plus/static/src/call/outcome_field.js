import {RadioField, radioField} from "@web/views/fields/radio/radio_field";
import {registry} from "@web/core/registry";
import {useRef, xml} from "@odoo/owl";

/**
 * Radio buttons with which a dialog can begin: Odoo's own have no element that takes
 * the focus, so that `default_focus` passes them by.
 */
export class OutcomeField extends RadioField {
    static template = xml`
        <div t-att-id="props.id" class="o_field_radio" tabindex="-1" t-ref="choices"
             t-on-focus="onFocus">
            <t t-call="web.RadioField"/>
        </div>`;

    setup() {
        super.setup();
        this.choices = useRef("choices");
    }

    onFocus() {
        const {el} = this.choices;
        (el.querySelector("input:checked") || el.querySelector("input"))?.focus();
    }
}

registry.category("fields").add("ar_outcome", {
    ...radioField,
    component: OutcomeField,
});
