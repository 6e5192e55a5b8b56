"""What the staff of the demonstration answer where nothing stands against it."""

FINDINGS: dict[str, bool | str] = {
    "diagnosis": "major_depressive_episode",
    "diagnostic_assessment_done": True,
    "psychotic_features": False,
    "psychotic_disorder": False,
    "substance_use_disorder": False,
    "ketamine_hypersensitivity": False,
    "medicines_reviewed": True,
    "uncontrolled_hypertension": False,
    "aneurysmal_vascular_disease": False,
    "arteriovenous_malformation": False,
    "intracerebral_haemorrhage": False,
    "risk_factors_examined": True,
    "urine_toxicology": "clear",
    "setting": "clinic",
}
READY = {
    "escort_arranged": True,
    "fasting_followed": True,
    "changes_reviewed": True,
    "medicines_today": "as_agreed",
    "pregnancy_test_today": "not_due",
}
LEAVING = {
    "mental_status_returned": True,
    "dissociation_resolved": True,
    "vital_signs_acceptable": True,
    "suicide_risk_assessed": True,
    "escort_present": True,
    "instructions_given": True,
    "next_contact_booked": True,
}
