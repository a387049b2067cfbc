"""Everyday words of English and Swedish: a slip that spells one of them is most often just that word."""

from __future__ import annotations

from listener.words.claims import words_in

ENGLISH = words_in(
    """
    able acid acre aged aid aim air alert alien all alley ally alpha amber angel angle ant ape apple arch area arm
    army art ash ask asset atlas atom aunt auto award axe baby back bad badge bag bake baker bald ball ballet band
    bang bank bar bare barn base basic basin basis bass bat bath bay beach beam bean bear beard beast beat bed bee
    beef beer bell belt bench bend berry best beta bid big bike bill bin bind bird birth bit bite bitter black blade
    blank blast blaze bless blind block blog blood bloom blue blur board boat body bold bolt bomb bond bone book
    boom boost boot border born boss bottle bottom bow bowl box boy brain brake branch brand brass brave bread break
    breed brew brick bride bridge brief bring broad broken bronze brook brown brush bubble buck bud buddy bug build
    bulb bulk bull bunch bunny burn bus bush busy butter button buy buzz cab cabin cable cake calf call calm camel
    camp can candle candy cane cannon canvas cap cape car card care cargo carol carpet carry cart case cash cask
    castle cat catch cause cave cell chain chair chalk champ chance change channel chant charge charm chart chase
    chat cheap check cheer cheese chef cherry chess chest chick chief child chill chip choice circle city claim clan
    class clay clean clear clever click cliff climb clinic clock close cloth cloud clown club coach coal coast coat
    cobra cock code coffee coin cold color colour comet comic common cook cookie cool copper copy coral core corn
    corner cost cosy cotton couch count county couple court cover cow craft crane crash crazy cream create credit
    creek crew crime cross crow crowd crown cruise crush cry crystal cub cube cup cure curl curve cute cycle daily
    dairy daisy dance danger dark dart dash data date dawn day dead deal dear death deck deep deer delta demo den
    dense desert design desk dew dial diary dice diet dig dinner dirt disc dish disk dive dock doctor dog doll
    dollar dome door dot double dove down dragon draw dream dress drift drill drink drive drop drum dry duck duke
    dust duty eagle ear early earn earth east easy eat echo edge egg eight elder elite elk empire end enemy engine
    enjoy equal essay even event ever evil exit expert extra eye fable fabric face fact fair fairy faith fall false
    fame family fan fancy farm fashion fast fat father fear feast feed feel fellow fence fern fever fiber field fig
    fight file fill film final find fine finger fire firm first fish fit five fix flag flame flash flat flavor fleet
    flesh flight flip float flock flood floor flow flower fly foam focus fog fold folk food fool foot force forest
    fork form fort forum found fox frame free fresh frog front frost fruit fuel full fun fund fur fury future gain
    galaxy game gang gap garden garlic gas gate gear gem gene ghost giant gift girl give glad glass globe glory
    glove glow glue goal goat gold golf good goose grace grade grain grand grant grape graph grass grave gray great
    greek green grey grid grill grip ground group grove grow guard guess guest guide guitar gulf gum gun guru guy
    habit hair half hall hammer hand happy harbor hard hare harm harp hash hat hate have hawk hay head heal health
    heap heart heat heaven heavy hedge heel hell helm hen herb herd here hero hide high hill hint hip hire hit hive
    hobby hold hole holy home honey honor hood hook hope horn horse host hot hour house hub huge human humor hunt
    hunter hut ice icon idea idle inch index ink inn inner iron island item ivory jack jail jam jar jaw jazz jean
    jelly jet jewel job join joke joy judge juice jump jungle jury just keen keep key kick kid kill kind king kiss
    kit kitchen kite kitten kitty kiwi knee knife knight knob knot know lab label lace lack lad lady lake lamb lamp
    land lane lark laser last late laugh launch law lawn layer lead leaf leak lean learn lease leather leave left
    leg legal legend lemon lens lesson letter level lever liar life lift light like lily limb lime limit line lingo
    link lion lip list little live liver load loan local lock lodge log logic lone long look loop lord lose loss
    lost lot loud lounge love low luck lunar lunch lung machine mad magic magma magnet maid mail main major make
    maker male mall man mango manor map maple marble march mark market mars mart mash mask mass mast master mat
    match mate math matrix matter max may maze meadow meal mean meat medal media meet melon melt member memo memory
    menu merit mesh mess metal meter middle might mile milk mill mind mine mint minus mirror miss mist mix mob model
    modern mole moment money monk monkey month mood moon moral more moss motel moth mother motion motor mount mouse
    mouth move movie mud mule muscle muse museum music musk nail name narrow nation native nature navy near neat
    neck need needle nest net neural never new news next nice night nine noble node noise noon north nose note noun
    novel nurse nut oak oasis oat ocean odd ode offer office oil old olive one onion only open opera optic orange
    orb orbit orca order other otter out oval oven over owl own owner oxygen oyster pace pack pad page paid pain
    paint pair palace pale palm pan panda panel panic paper parcel parent park part party pass past pasta paste
    patch path patrol pay peace peach peak pear pearl peer pen pencil people pepper perfect pet phone photo piano
    pick picture pie piece pig pile pill pilot pin pine pink pipe pirate pit pitch pizza place plain plan plane
    planet plant plate play plaza plot plug plum plus pocket poem poet point poker polar pole police pond pony pool
    poor pop port pose post pot potato pound powder power press price pride prime prince print prize proof proud pub
    pulse pump punch pupil puppy pure purple push put puzzle quality queen quest quick quiet quilt quiz quote rabbit
    race rack radar radio raft rage rail rain raise ram ranch random range rank rapid rare rat rate raven raw ray
    razor reach read ready real rebel recipe record red reef relay remote rent rescue rest retail review rhythm
    ribbon rice rich ride rider rifle right ring rise risk ritual rival river road roar rob robe robin robot rock
    rocket rod role roll roman roof rookie room root rope rose rough round route row royal rubber ruby rug rule run
    rush rust sack sad saddle safe sage sail saint salad sale salmon salon salt same sand satin sauce save saw scale
    scam scan scar scene school science scope score scout screen script sea seal search seat second secret section
    see seed seek seem self sell send sense serve set seven sew shade shadow shaft shake shape share shark sharp
    shed sheep sheet shelf shell shield shift shine ship shirt shock shoe shoot shop shore short shot show shower
    sick side sight sign signal silent silk silver simple sing single sink sister site six size skate sketch ski
    skill skin skip skirt skull sky slave sleep slice slide slim slow small smart smell smile smoke smooth snack
    snail snake snow soap social sock soda soft soil solar sold sole solid solo song soon sort soul sound soup sour
    source south space spark speak spear speed spell spice spider spin spirit split spoon sport spot spray spring
    spy squad square stable staff stage stair stamp stand star start state stay steak steam steel stem step stick
    still stock stone stop store storm story stove straw stream street stress strike string strong studio study
    stuff style sugar suit summer summit sun super supply sure surf swan swap sweet swift swim swing sword symbol
    table tail take tale talk tall tank tap tape target task taste tax taxi tea teach team tear tech teddy teen tell
    temple ten tennis tent term test text thank theme there thick thin thing think third thorn three throne thumb
    ticket tide tie tiger tight tile time tin tiny tip tire title toad toast today toe token tomato tone tool tooth
    top topic torch total touch tour towel tower town toy trace track trade trail train trap trash travel tray treat
    tree trend trial tribe trick trio trip troll trophy truck true trunk trust truth tube tulip tuna tune tunnel
    turbo turn turtle twin twist two type ugly ultra uncle under union unit unity upper urban use user usual valley
    value van vapor vase vast vault vector velvet vendor venue verb verse vest video view villa village vine vinyl
    violet violin viral virus vision visit vital vivid vocal voice volt vote voyage wage wagon waist wait walk wall
    walnut want war ward warm wash wasp waste watch water wave wax way weak wealth weapon wear web wed week weird
    well west whale what wheat wheel when whip whisky white who wide wife wild will wind window wine wing winner
    winter wire wise wish wit wizard wolf woman wonder wood wool word work world worm worth wrap wreck write yard
    yarn year yellow yes yoga young youth zebra zen zero zone zoo
    """
)
SWEDISH = words_in(
    """
    adel afton aktie alm alv ande andra anka arbete arena ark arm ask backe bad bageri bana band bank bar bark barn
    basta bat bi bil bild bit blad blick blod blom blomma bo bod bok bolag boll bord borg bostad botten brand bro
    broder brod brost brott brud brunn bruk bukt buss by bygg byn bygge dag dal dam dans del djup djur dop dorr drag
    drake dricka drom duk eken eld elev elva en eng engel ett fabrik fader falk fall far farg fart fast fat feber
    fel fest fin fisk fjall fjard flagga flicka flod flyg fogel folk form fors fot framtid fred fri frisk frost fru
    frukt ful full fyr fyra gamla garn gast gata gava ger gift gran grav gris gron grund grupp gul guld gard hagel
    hage hall halm halsa hamn hand hav hem herr hig hjalp hjarta hjul hog holm hopp horn hund hus huvud is jakt jarn
    jobb jord jul kaffe kaka kalk kall kamp kant kap karl karr karta kassa katt kil kiosk klar klass klocka klubb
    knapp kniv ko kock kol konst kopp korn korg kort kors kraft krona krog kropp kung kust kvall kvarn kvinna kyrka
    lada lag lager lagg lamm lampa land lang lar led lek lera lilla lin lind lingon list liv ljud ljus lod lov lund
    lust luft lycka lyft mal mala man mane mark mars mast mat matt medel mil min mor morgon moster mun mur mus musik
    mynt myr mystik mora namn nara nasa nat natt norr nord nova ny nyckel nytta oden olja ord orm ost paket palm
    panna papper park par pass penna plan plats polis port post pris prov rad ram rand ratt regn ren resa rik ring
    ris rik rock ros rosa rost rot rum ryd ryss rygg rod sal salt sand sang segel sida sil silver sjal sjo skal
    skatt sked skog skola skor skydd slag slott smak sol son sommar sort spel spar sport stad stal stall stark stat
    sten stig stock stol stor storm strand strom stuga sund svan svar syn syster sak sala saker salj tack tag tak
    tal tall tand tavla tid tjarn torg torn torp trad trakt tre tro tur tunna tva tyg ugn ung utsikt vagn val vall
    van varm vas vatten vecka ved vik vila vild vind vinter visa vit vader vag van varg varld vard vast yta zon ang
    akt aker alder alg angel apple ar ara as atta ode oga on ora orn ost oster over
    """
)
EVERYDAY = frozenset(word for word in ENGLISH | SWEDISH if len(word) >= 3)
