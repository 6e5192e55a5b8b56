"""Who plays: clinics, staff and the words that patients' names are drawn from. All of it is invented."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clinic:
    """A synthetic clinic."""

    code: str
    name: str
    time_zone: str
    crisis_line: str
    telephone: str
    emergency_line: str
    hours: str


CLINICS = (
    Clinic("aurora", "Aurora Clinic", "America/Chicago", "988", "555-0101", "911", "mon-fri 08:00-17:00"),
    Clinic("harbor", "Harbor Hospital", "America/New_York", "988", "555-0102", "911", "mon-fri 08:00-17:00"),
    Clinic(
        "linden",
        "Linden House",
        "Europe/Berlin",
        "0800 000 00 00",
        "030 000 00 02",
        "112",
        "mon-fri 08:00-18:00",
    ),
    Clinic(
        "ridge",
        "Ridge Medical Center",
        "America/Denver",
        "988",
        "555-0104",
        "911",
        "mon-fri 08:00-17:00",
    ),
)
CENTRE = Clinic("centre", "Coordinating Centre", "Europe/Berlin", "", "030 000 00 00", "", "")

# Site, role, name. Somebody with several entries holds several roles.
STAFF = (
    ("aurora", "clinician", "Ana Reyes"),
    ("aurora", "nurse", "Noor Haddad"),
    ("aurora", "nurse", "Ben Ito"),
    ("aurora", "coordinator", "Carla Meyer"),
    ("aurora", "site lead", "Samuel Adeyemi"),
    ("aurora", "clinician", "Erik Lund"),
    ("harbor", "clinician", "Grace Kim"),
    ("harbor", "nurse", "Tom Walsh"),
    ("harbor", "nurse", "Ines Duarte"),
    ("harbor", "coordinator", "Leo Fischer"),
    ("harbor", "site lead", "Grace Kim"),
    ("linden", "clinician", "Jonas Weber"),
    ("linden", "nurse", "Meike Schulz"),
    ("linden", "nurse", "Piotr Nowak"),
    ("linden", "coordinator", "Hanna Vogel"),
    ("linden", "site lead", "Jonas Weber"),
    ("ridge", "clinician", "Maya Patel"),
    ("ridge", "nurse", "Dylan Brooks"),
    ("ridge", "nurse", "Rosa Jimenez"),
    ("ridge", "coordinator", "Amy Chen"),
    ("ridge", "site lead", "Maya Patel"),
    ("centre", "data manager", "Dana Novak"),
    ("centre", "analyst", "Anil Rao"),
    ("centre", "safety board member", "Sofia Brandt"),
    ("centre", "administrator", "Ada Winter"),
    ("centre", "educator", "Edda Lind"),
)
# Whose ACLS certificate has run out, and whose runs out in twelve days: what a page must show.
EXPIRED_ACLS, ENDING_ACLS = "Erik Lund", "Ana Reyes"

GIVEN = {
    "female": [
        "Alma",
        "Beatrix",
        "Celia",
        "Delphine",
        "Edith",
        "Farah",
        "Greta",
        "Helene",
        "Imani",
        "Judith",
        "Keiko",
        "Leonie",
        "Mirela",
        "Nadia",
        "Odile",
        "Paula",
        "Quinn",
        "Rosalind",
        "Selma",
        "Tamar",
        "Una",
        "Vera",
        "Wanda",
        "Xenia",
        "Yara",
        "Zelda",
    ],
    "male": [
        "Anton",
        "Bruno",
        "Cyrus",
        "Dario",
        "Emil",
        "Felix",
        "Gustav",
        "Henrik",
        "Idris",
        "Jakob",
        "Karim",
        "Lorenz",
        "Matteo",
        "Nils",
        "Oskar",
        "Pavel",
        "Rafael",
        "Stefan",
        "Tariq",
        "Ulrich",
        "Viktor",
        "Walter",
        "Yusuf",
        "Zeno",
    ],
}
FAMILY = [
    "Abbott",
    "Bergström",
    "Castellanos",
    "Dubois",
    "Eriksen",
    "Fontaine",
    "Gruber",
    "Hoffmann",
    "Ivanova",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Nakamura",
    "Okonkwo",
    "Petrov",
    "Quispe",
    "Rossi",
    "Sørensen",
    "Tanaka",
    "Ueda",
    "Vasquez",
    "Whitfield",
    "Yilmaz",
    "Zimmermann",
    "Alvarez",
    "Blum",
    "Cortez",
    "Demir",
    "Eklund",
]
