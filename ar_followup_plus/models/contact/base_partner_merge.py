from odoo import api, models


class BasePartnerMerge(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """That the details of another contact were right says nothing of these."""
        # sudo: whoever merges contacts need not have access to follow-up
        dst_sudo = dst_partner.sudo()
        before = dst_sudo._ar_details()
        verified = {
            name: dst_sudo[name] for name in ("ar_verified_on", "ar_verified_by_id")
        }
        result = super()._update_values(src_partners, dst_partner)
        if dst_sudo._ar_details() != before:
            verified = dict.fromkeys(verified, False)
        dst_sudo.write(verified)
        return result
