import {Activity} from "@mail/core/web/activity";
import {patch} from "@web/core/utils/patch";

patch(Activity.prototype, {
    async onClickArApprove() {
        await this.arDecide(() => this.props.activity.arApprove());
    },

    async onClickArRefuse() {
        await this.arDecide(() => this.props.activity.arRefuse());
    },

    /**
     * Decide, then look again at what it is about and at its chatter: also after a
     * refusal of the server, which means that something has changed meanwhile.
     *
     * @param {() => Promise<void>} decision
     */
    async arDecide(decision) {
        const {thread} = this;
        const {onActivityChanged, reloadParentView} = this.props;
        try {
            await decision();
        } finally {
            onActivityChanged(thread);
            await reloadParentView();
        }
    },
});
