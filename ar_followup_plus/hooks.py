def post_init_hook(env):
    """Companies that were there before the addon get the default policy."""
    policy = env.ref("ar_followup_plus.policy_default")
    env["res.company"].search(
        [("ar_followup_policy_id", "=", False)]
    ).ar_followup_policy_id = policy
