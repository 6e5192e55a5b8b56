"""Words in which adverse events are recorded; the labels are Daybreak's own, the grades follow the usual five steps."""

TERMS = (
    "nausea", "vomiting", "headache", "dizziness", "dissociation", "perceptual_change", "anxiety", "agitation",
    "sedation", "high_blood_pressure", "fast_heart_rate", "slow_heart_rate", "low_oxygen", "fainting",
    "allergic_reaction", "infusion_site", "urinary_symptoms", "suicidal_thoughts", "other",
)  # fmt: skip
RELATIONS = ("unrelated", "unlikely", "possible", "probable", "certain", "unknown")
GRADES = {1: "mild", 2: "moderate", 3: "severe", 4: "life-threatening", 5: "death"}
ACTS = (
    "looked_at_patient", "measured_again", "oxygen_given", "infusion_paused", "infusion_stopped", "clinician_called",
    "medicine_given", "probe_moved", "false_alarm", "other",
)  # fmt: skip
TIME_OUT_ITEMS = ("identity", "drug", "dose", "rate", "allergies")
