def post_init_hook(env):
    """Companies that were there before the addon get the default policy."""
    policy = env.ref("ar_followup_plus.policy_default")
    env["res.company"].search(
        [("ar_followup_policy_id", "=", False)]
    ).ar_followup_policy_id = policy


def uninstall_hook(env):
    """Take along the names other addons gave to parts of our models.

    What they bring into a case (activities, followers, …) is named in their name, and
    Odoo would leave those external ids behind, leading nowhere.
    """
    ours = [name for name in env if env[name]._original_module == "ar_followup_plus"]
    parts = {
        "ir.model.fields.selection": [("field_id.model", "in", ours)],
        "ir.model.inherit": [("model_id.model", "in", ours)],
    }
    for model, domain in parts.items():
        env["ir.model.data"].search(
            [
                ("module", "!=", "ar_followup_plus"),
                ("model", "=", model),
                ("res_id", "in", env[model].search(domain).ids),
            ]
        ).unlink()
