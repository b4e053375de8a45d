import {Activity} from "@mail/core/common/activity_model";
import {fields} from "@mail/model/misc";
import {patch} from "@web/core/utils/patch";

patch(Activity.prototype, {
    setup() {
        super.setup(...arguments);
        /** What the user may decide about an approval; false for other activities. */
        this.ar_approval = fields.Attr(false);
    },

    /** Approve what the user sees: the server refuses it if it was changed since. */
    async arApprove() {
        await this.store.env.services.orm.call(
            this.res_model,
            "action_approve",
            [[this.res_id]],
            {fingerprint: this.ar_approval.fingerprint}
        );
    },

    /** Open the window that asks for the reason; resolves when it is closed. */
    async arRefuse() {
        const {action, orm} = this.store.env.services;
        const ask = await orm.call(this.res_model, "action_refuse", [[this.res_id]]);
        await new Promise((resolve) => action.doAction(ask, {onClose: resolve}));
    },
});
