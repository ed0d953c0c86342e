"""Words that say nothing about what a journal is about: in English, German, French and Spanish, without their accents.

Articles, pronouns, auxiliaries and the like, and the words of journals themselves (day, week, today). Written down here
because lists that come with libraries drop words that matter in a journal about work ("help", "work", "need").
"""

_ENGLISH = """
a about above across actually after afterwards again against ago all almost alone along already also although always am
among an and another any anybody anyone anything anyway are aren around as ask asked at away back be became because become been
before began being below best better between both but by came can cannot come could couldn day days did didn do does doesn
doing don done down during each eight either else enough even evening ever every everybody everyone everything felt few find
first five for four from further gave get gets getting give go goes going gone good got half had hadn happened has hasn have haven
having he her here hers herself him himself his hour hours how however if in instead into is isn it its itself just keep kept
kind knew know last later least left less let like little long look looked lot made make makes making many may maybe me mean
meant might mine minutes moment month months more morning most much must my myself near never new next night nine no nobody
none nor not nothing now of off often old on once one only onto or other others ought our ours ourselves out over own part
per perhaps put quite rather re read real really right said same saw say says second see seem seemed seems seen seven several
shall she should shouldn since six so some somebody someone something sometimes soon still such take taken ten than that the
their theirs them themselves then there these they thing things think third this those though thought three through time
times to today together told tomorrow tonight too took toward towards tried try turn twelve twice two under until up upon us use
used very ve want wanted was wasn way we week weekend weeks well went were weren what when where whether which while who whole
whom whose why will with within without won would wouldn wrote year years yes yesterday yet you your yours yourself ll
monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october
november december
"""

_GERMAN = """
aber abend all alle allem allen aller alles als also alt am an ander andere anderen anderer anderes andern anders auch auf aus
bald bei beide beiden beim bereits besser bevor bin bis bisher bist blieb brauche brauchte da dabei dadurch dafur dagegen
daher damals damit danach dann dar daran darauf darin daruber darum das dass dasselbe davon davor dazu dein deine dem den denen
denn dennoch der deren des deshalb dessen desto die dies diese diesem diesen dieser dieses dinge direkt doch dort drei du durch
durfen ebenso eher eigentlich ein eine einem einen einer eines einfach einige einigen einmal ende endlich er erst erste ersten
es etwas euch euer eure fast fand fest finde frei freitag fruh frueh fuenf funf fur ganz ganze ganzen gar geben gegen gehabt
gehen geht gemacht genau genug gerade gern gerne gesagt gesehen gestern getan gewesen gewissen geworden gibt gilt ging gleich
gut gute guten habe haben hat hatte hatten hatt her heraus heute hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer
im immer in indem ins irgendwie ist ja jahr jahre jede jedem jeden jeder jedes jemand jene jetzt jeweils kam kann kannst kaum
kein keine keinem keinen keiner kleine kleinen komme kommen kommt konnen konnte konnten lange lassen ließ lieber liess machen
macht machte mal man manche manchmal mehr mein meine meinem meinen meiner meist meisten mich minuten mir mit mittag mittwoch
mochte montag monat monate morgen moglich muss mussen musste mussten nach nachdem nachste nachsten nacht naja nein neu neue
neuen nicht nichts nie niemand noch nochmal nun nur ob obwohl oder oft ohne paar plotzlich sagen sagt sagte samstag schon
schone sehen sehr sei sein seine seinem seinen seiner seit seitdem selbst sich sicher sie sieht sind so sogar solche soll
sollen sollte sollten sondern sonntag sonst soviel spater statt stets stunde stunden tag tage tagen teil trotz trotzdem tun uber
uberhaupt um und uns unser unsere unserem unseren unter viel viele vielen vielleicht vier voll vom von vor vorher wahrend wann
war ware waren warst warum was wegen weil weiss weiter welche welchem welchen welcher welches wenig wenige weniger wenn wer
werde werden wie wieder will wir wird wirklich wo woche wochen wochenende wohl wollen wollte worden wurde wurden zeit ziemlich zu
zuerst zum zur zuruck zusammen zwar zwei zwischen dienstag donnerstag januar februar marz mai juni juli august oktober dezember
"""

_FRENCH = """
ai aie ainsi alors annee annees apres assez au aucun aucune aujourd hui auquel aura aurait aussi autre autres aux avaient avais
avait avant avec avez avoir avons beaucoup bien bon bonne car ce ceci cela celle celles celui cependant ces cet cette ceux chaque
chez chose choses comme comment contre dans de deja demain depuis dernier derniere des desormais deux devant devrait dit dois
doit donc dont du durant elle elles en encore enfin ensuite entre envers envie est et etaient etais etait etant etc ete etes etre
eu eux faire fais fait faut fois font fut grand grande gros hier heure heures ici il ils jamais je jour journee jours jusqu jusque
la laquelle le lequel les lesquels leur leurs lors lorsque lui ma maintenant mais malgre matin me meme memes mes mien mieux minutes
moi moins mois mon mot ne ni nos notre nous nouveau nouvelle nuit on ont ou oui par parce parfois parmi pas pendant personne peu
peut peux plus plusieurs plutot pour pourquoi pourtant premier premiere pres presque pris prochain prochaine pu puis puisque qu
quand que quel quelle quelles quels quelqu quelque quelques qui quoi rien sa sais sait sans sauf se semaine semaines sera serait ses
seul seule seulement si sien soi soir soit sommes son sont sous souvent suis sur ta tant te tel telle tellement temps tes toi ton
toujours tous tout toute toutes tres trois trop tu un une va vais vas vers veut veux vient voici voila voir vos votre vous vraiment
vu week lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril juin juillet aout septembre octobre novembre
decembre
"""

_SPANISH = """
a ahora al algo alguien algun alguna algunas alguno algunos alli ano anos ante antes aqui asi aun aunque ayer bastante bien bueno
buena cada casi como con contra cosa cosas cual cuales cuando cuanto cuatro da dado dar de debe decir del demasiado dentro desde
despues dia dias dice dicho dijo donde dos durante e el ella ellas ellos en encima entonces entre era eran eras eres es esa esas ese
eso esos esta estaba estaban estado estamos estan estar estas este esto estos estoy estuve estuvo fin fue fuera fueron fui gran
grande ha haber habia habian hace hacer hacia haciendo han hasta hay he hecho hemos hice hizo hora horas hoy igual incluso ir jamas
junto la las le les lo los luego manana mas mayor me mejor menos mes meses mi mia mias mientras minutos mio mis misma mismas mismo
mismos momento mucha muchas mucho muchos muy nada nadie ni ningun ninguna ninguno no noche nos nosotros nuestra nuestras nuestro
nuestros nueva nuevo nunca o os otra otras otro otros para parece parte pero poca poco pocos podemos poder podia podria por porque
primer primera primero pronto pude puede pueden puedo pues que quien quienes quiero quiza quizas se sea segun segundo semana semanas
ser sera si sido siempre sin sino sobre sola solamente solo somos son soy su sus suya suyo tal tambien tampoco tan tanta tanto tarde
te tenemos tener tengo tenia ti tiempo tiene tienen toda todas todavia todo todos tomar tras tres tu tus tuve tuvo un una unas uno
unos usted ustedes va vamos van varias varios veces ver vez voy y ya yo lunes martes miercoles jueves viernes sabado domingo enero
febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
"""

STOP_WORDS = frozenset(f"{_ENGLISH} {_GERMAN} {_FRENCH} {_SPANISH}".split())
