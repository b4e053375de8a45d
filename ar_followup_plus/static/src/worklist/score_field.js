import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {usePopover} from "@web/core/popover/popover_hook";

/** What a score is added up from: one line for each part, and the sum. */
export class ScoreParts extends Component {
    static template = "ar_followup_plus.ScoreParts";
    static props = {
        score: Number,
        parts: Array,
        close: {type: Function, optional: true},
    };
}

/** A score; a click, a tap or a key tells its parts. On a form they stand beside it. */
export class ScoreField extends Component {
    static template = "ar_followup_plus.ScoreField";
    static props = {...standardFieldProps, spelledOut: {type: Boolean, optional: true}};

    setup() {
        this.popover = usePopover(ScoreParts, {position: "right"});
    }

    get score() {
        return this.props.record.data[this.props.name] || 0;
    }

    get parts() {
        return this.props.record.data.score_parts || [];
    }

    open(ev) {
        this.popover.open(ev.currentTarget, {score: this.score, parts: this.parts});
    }
}

registry.category("fields").add("ar_score", {
    component: ScoreField,
    displayName: _t("Score with its parts"),
    supportedTypes: ["integer"],
    fieldDependencies: [{name: "score_parts", type: "json"}],
    extractProps: ({options}) => ({spelledOut: Boolean(options.spelled_out)}),
});
