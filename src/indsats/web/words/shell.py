"""The words around every page: navigation, search, signing in and out, keys, and pages that cannot be shown."""

from __future__ import annotations

from indsats.programme import Text

WORDS = {
    "shell.product": Text(da="Indsats", en="Indsats"),
    "shell.skip": Text(da="Gå til indholdet", en="Skip to content"),
    "shell.nav": Text(da="Hovedmenu", en="Main menu"),
    "shell.menu": Text(da="Menu", en="Menu"),
    "shell.close_menu": Text(da="Luk menuen", en="Close the menu"),
    "shell.nav.day": Text(da="Min dag", en="My day"),
    "shell.nav.cases": Text(da="Sager", en="Cases"),
    "shell.nav.intake": Text(da="Visitation", en="Intake"),
    "shell.nav.assignment": Text(da="Fordeling", en="Assignment"),
    "shell.nav.barometer": Text(da="Barometer", en="Barometer"),
    "shell.nav.targets": Text(da="Mål", en="Targets"),
    "shell.nav.progression": Text(da="Progression", en="Progression"),
    "shell.nav.flow": Text(da="Forløb", en="Flow"),
    "shell.nav.reports": Text(da="Rapporter", en="Reports"),
    "shell.nav.control": Text(da="Kontrol", en="Audit"),
    "shell.nav.users": Text(da="Brugere", en="Users"),
    "shell.nav.mine": Text(da="Mit forløb", en="My course"),
    "shell.search": Text(da="Søg efter en borger", en="Search for a citizen"),
    "shell.search.hint": Text(
        da="Navn, CPR-nummer eller fødselsdato", en="Name, CPR number or date of birth"
    ),
    "shell.search.do": Text(da="Søg", en="Search"),
    "shell.new": Text(da="Ny registrering", en="New registration"),
    "shell.signed_in": Text(da="Logget ind som", en="Signed in as"),
    "shell.account": Text(da="Min konto", en="My account"),
    "shell.sign_out": Text(da="Log ud", en="Sign out"),
    "shell.language": Text(da="Sprog", en="Language"),
    "shell.help": Text(da="Hjælp", en="Help"),
    "shell.synthetic": Text(da="Opdigtede borgere.", en="Invented citizens."),
    "shell.synthetic.text": Text(
        da="Ingen på disse sider findes i virkeligheden.", en="Nobody on these pages exists in reality."
    ),
    "shell.demo_day": Text(da="I dag er {day}.", en="Today is {day}."),
    "shell.demo_day.text": Text(
        da="Dagen er flyttet, fordi oplysningerne er fra dengang.",
        en="The day has been moved, because the records are from then.",
    ),
    "shell.as_known": Text(da="Som kendt {when}", en="As known {when}"),
    "shell.messages": Text(da="Beskeder", en="Messages"),
    "shell.keys": Text(da="Genvejstaster", en="Keyboard shortcuts"),
    "shell.keys.text": Text(
        da="Tasterne virker, når du ikke er ved at skrive i et felt. Du kan slå dem fra under Min konto.",
        en="The keys work when you are not writing in a field. You can switch them off under My account.",
    ),
    "shell.keys.search": Text(da="Søg efter en borger", en="Search for a citizen"),
    "shell.keys.new": Text(da="Ny registrering", en="New registration"),
    "shell.keys.next": Text(da="Næste række", en="Next row"),
    "shell.keys.previous": Text(da="Forrige række", en="Previous row"),
    "shell.keys.open": Text(da="Åbn rækken", en="Open the row"),
    "shell.keys.register": Text(da="Registrér på sagen", en="Register on the case"),
    "shell.keys.show": Text(da="Vis denne oversigt", en="Show this list"),
    "shell.keys.enter": Text(da="Enter", en="Enter"),
    "shell.close": Text(da="Luk", en="Close"),
    "shell.sign_in": Text(da="Log ind", en="Sign in"),
    "shell.sign_in.user": Text(da="Brugernavn", en="User name"),
    "shell.sign_in.word": Text(da="Adgangskode", en="Password"),
    "shell.sign_in.wrong": Text(
        da="Brugernavn og adgangskode passer ikke sammen. Prøv igen, eller få en ny adgangskode af din administrator.",
        en="User name and password do not match. Try again, or ask your administrator for a new password.",
    ),
    "shell.sign_in.wait": Text(
        da="Der har været for mange forsøg. Vent et kvarter, og prøv igen.",
        en="There have been too many attempts. Wait a quarter of an hour and try again.",
    ),
    "shell.sign_in.lost": Text(
        da="Har du glemt adgangskoden, kan din administrator give dig en ny.",
        en="If you have forgotten your password, your administrator can give you a new one.",
    ),
    "shell.400.title": Text(da="Det kunne ikke læses", en="That could not be read"),
    "shell.400.text": Text(
        da="Siden fik noget, den ikke forstår. Gå tilbage, genindlæs siden, og prøv igen. Intet er gemt.",
        en="The page was given something it does not understand. Go back, reload and try again. Nothing was saved.",
    ),
    "shell.403.title": Text(da="Formularen er for gammel", en="The form is too old"),
    "shell.403.text": Text(
        da="Du er måske blevet logget ud, siden du åbnede siden. Gå tilbage, genindlæs siden, og prøv igen. "
        "Intet er gemt.",
        en="You may have been signed out since you opened the page. Go back, reload and try again. Nothing was saved.",
    ),
    "shell.404.title": Text(da="Siden findes ikke", en="There is no such page"),
    "shell.404.text": Text(
        da="Adressen er forkert, eller siden er ikke din. Har du brug for adgang, så spørg din tovholder.",
        en="The address is wrong, or the page is not yours. If you need access, ask your coordinator.",
    ),
    "shell.500.title": Text(da="Noget gik galt hos os", en="Something went wrong on our side"),
    "shell.500.text": Text(
        da="Det, du har registreret før, er gemt. Prøv igen om lidt. Sker det igen, så fortæl din administrator, "
        "hvad klokken var.",
        en="What you registered before is saved. Try again in a moment. If it happens again, tell your administrator "
        "what time it was.",
    ),
    "shell.home": Text(da="Gå til forsiden", en="Go to the front page"),
}
