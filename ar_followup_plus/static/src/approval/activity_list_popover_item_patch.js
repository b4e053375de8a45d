import {ActivityListPopoverItem} from "@mail/core/web/activity_list_popover_item";
import {patch} from "@web/core/utils/patch";

patch(ActivityListPopoverItem.prototype, {
    get hasCancelButton() {
        return super.hasCancelButton && !this.props.activity.ar_approval;
    },

    get hasEditButton() {
        return super.hasEditButton && !this.props.activity.ar_approval;
    },

    get hasMarkDoneButton() {
        return super.hasMarkDoneButton && !this.props.activity.ar_approval;
    },

    async onClickArApprove() {
        await this.arDecide(() => this.props.activity.arApprove());
    },

    async onClickArRefuse() {
        await this.arDecide(() => this.props.activity.arRefuse());
    },

    /**
     * Decide, then have the view look again: also after a refusal of the server,
     * which means that something has changed meanwhile.
     *
     * @param {() => Promise<void>} decision
     */
    async arDecide(decision) {
        const {onActivityChanged} = this.props;
        try {
            await decision();
        } finally {
            onActivityChanged?.();
        }
    },
});
