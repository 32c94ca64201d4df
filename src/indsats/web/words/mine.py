"""Words of the citizen's own page: answers to meetings, and questionnaires. The rest stands in ``account``."""

from __future__ import annotations

from indsats.programme import Text

from .case import table

_SAID = """
meetings: Dine næste samtaler | Your next meetings
meeting.coming: Jeg kommer | I am coming
meeting.move: Bed om en anden tid | Ask for another time
meeting.move.about: Du beder om at flytte samtalen. Den gælder, til du hører fra os. | You are asking to move the meeting. It stands until you hear from us.
meeting.move.do: Send | Send
meeting.of: samtalen {day} | the meeting on {day}
meeting.said.coming: Du har sagt, at du kommer | You have said that you are coming
meeting.said.move: Du har bedt om en anden tid | You have asked for another time
meeting.said.move.text: Samtalen gælder, til du hører fra os. | The meeting stands until you hear from us.
meeting.wished: Du skrev: {wish} | You wrote: {wish}
meeting.coming.done: Tak. Vi ved nu, at du kommer {day}. | Thank you. We now know that you are coming on {day}.
meeting.move.done: Tak. Vi ser, at du vil flytte samtalen {day}. Den gælder, til du hører fra os. | Thank you. We see that you want to move the meeting on {day}. It stands until you hear from us.
meeting.changed: Samtalen er blevet ændret, mens du havde siden åben. Se på den igen, og svar så. | The meeting was changed while you had the page open. Look at it again, and then answer.
meeting.choose: Vælg, om du kommer eller vil have en anden tid. | Choose whether you are coming or want another time.
wish: Hvornår passer det dig bedre? | When would suit you better?
wish.hint: Du behøver ikke skrive hvorfor. Højst {most} tegn. | You need not say why. At most {most} characters.
wish.long: Skriv dit ønske kortere: højst {most} tegn. | Write your wish in fewer words: at most {most} characters.
asked: Spørgsmål til dig | Questions for you
asked.about: Dine svar hjælper os med at hjælpe dig. Du bestemmer selv, hvad du svarer på. | Your answers help us to help you. You decide yourself what to answer.
asked.by: Svar gerne senest {day} | Please answer by {day}
asked.do: Svar nu | Answer now
asked.easy: Let at læse, ét spørgsmål ad gangen | Easy to read, one question at a time
asked.single: Ét spørgsmål ad gangen | One question at a time
activity.planned: planlagt | planned
activity.under_way: i gang | under way
activity.done: gennemført | done
activity.by: Hvem: {by} | Who: {by}
activity.span: Fra {first} til {last} | From {first} to {last}
activity.since: Fra {first} | From {first}
answer.closed: Spørgsmålene er ikke åbne nu. Enten har du allerede svaret, eller også er det ikke tid til det. | The questions are not open now. Either you have answered already, or it is not the time for it.
answer.lead: Der er ingen rigtige eller forkerte svar. | There are no right or wrong answers.
answer.easy: Vis ét spørgsmål ad gangen, let at læse | Show one question at a time, easy to read
answer.single: Vis ét spørgsmål ad gangen | Show one question at a time
answer.whole: Vis alle spørgsmål på én gang | Show all questions at once
answer.send: Send mine svar | Send my answers
answer.keep: Gem, og svar senere | Keep, and answer later
answer.kept: Dine svar er gemt. Du kan svare videre, når du vil. | Your answers are kept. You can go on when you like.
answer.done: Tak. Vi har fået dine svar. | Thank you. We have got your answers.
answer.more: Der er kommet flere spørgsmål ud fra det, du svarede. Se dem igennem, og send så. | What you answered has brought further questions. Look through them, and then send.
answer.missing: Vælg et svar. Eller tryk på “Spring over”. | Choose an answer. Or press “Skip”.
answer.beside.dont_know: Det ved jeg ikke | I do not know
answer.beside.not_relevant: Det passer ikke på mig lige nu | It does not fit me just now
answer.beside.declined: Det vil jeg ikke svare på | I do not want to answer that
answer.progress: {number} af {of} | {number} of {of}
answer.next: Næste | Next
answer.skip: Spring over | Skip
answer.back: Tilbage | Back
answer.begun: Her er du nået til. Vi har gemt dine svar. | This is how far you have got. We have kept your answers.
answer.as_made: Spørgsmålet står, som det er lavet. Det har ikke en udgave, der er let at læse. | The question stands as it was made. It has no easy-read version.
answer.ready: Er du færdig? | Are you done?
answer.ready.lead: Du har svaret på {given} af {of}. Tryk på “Send mine svar”. | You have answered {given} of {of}. Press “Send my answers”.
answer.ready.change: Ret | Change
answer.ready.none: ikke besvaret | not answered
answer.leave: Til min side | To my page
"""  # noqa: E501 - a line for each text

WORDS: dict[str, Text] = table(_SAID, "mine.")
"""``mine.<what>`` by key."""
