-- a copy of production must not remind anybody
UPDATE res_company SET ar_followup_mode = 'off';
