//! Invented sentences.

/// Languages, in the order of [`SENTENCES`].
pub(crate) const LANGUAGES: [&str; 11] = ["ar", "fa", "ur", "ru", "el", "tr", "fr", "de", "zh", "ja", "hi"];

/// Six sentences of each language.
pub(crate) const SENTENCES: [&[&str]; 11] = [
    &[
        "افتتحت البلدية سوق الخضار الجديد صباح أمس بحضور سكان الحي",
        "يقول الخباز إن الفرن القديم سيعمل حتى نهاية الشهر فقط",
        "وصلت القافلة إلى القرية بعد يومين من المطر الغزير",
        "تعلم الأطفال صناعة الطائرات الورقية في ورشة المدرسة",
        "أغلق المتحف أبوابه، ثم أعاد فتحها في الربيع",
        "حفر المزارعون بئراً ثانية قرب الطريق المؤدي إلى الجبل",
    ],
    &[
        "شهرداری بازار تازه سبزی را دیروز با حضور اهالی محله گشود",
        "نانوا می‌گوید تنور قدیمی فقط تا پایان ماه کار می‌کند",
        "کاروان پس از دو روز باران به روستا رسید",
        "بچه‌ها در کارگاه مدرسه بادبادک ساختن یاد گرفتند",
        "موزه درهایش را بست و بهار دوباره باز کرد",
        "کشاورزان چاه دیگری نزدیک جادهٔ کوهستان کندند",
    ],
    &[
        "بلدیہ نے کل صبح محلے کے لوگوں کے سامنے سبزی منڈی کھول دی",
        "نانبائی کہتا ہے کہ پرانا تنور مہینے کے آخر تک چلے گا",
        "قافلہ دو دن کی بارش کے بعد گاؤں پہنچا",
        "بچوں نے اسکول میں پتنگ بنانا سیکھا",
        "عجائب گھر بند ہوا اور بہار میں دوبارہ کھلا",
        "کسانوں نے پہاڑ کو جانے والی سڑک کے پاس دوسرا کنواں کھودا",
    ],
    &[
        "Вчера утром в посёлке открыли новый овощной рынок",
        "Пекарь говорит, что старая печь проработает до конца месяца",
        "Обоз добрался до деревни после двух дней дождя",
        "Дети учились клеить воздушных змеев в школьной мастерской",
        "Музей закрыли, а весной открыли снова",
        "Крестьяне выкопали второй колодец у горной дороги",
    ],
    &[
        "Ο δήμος άνοιξε χθες το πρωί τη νέα λαχαναγορά",
        "Ο φούρναρης λέει ότι ο παλιός φούρνος αντέχει ως το τέλος του μήνα",
        "Το καραβάνι έφτασε στο χωριό ύστερα από δύο μέρες βροχή",
        "Τα παιδιά έμαθαν να φτιάχνουν χαρταετούς στο σχολείο",
        "Το μουσείο έκλεισε και την άνοιξη άνοιξε πάλι",
        "Οι αγρότες έσκαψαν δεύτερο πηγάδι κοντά στον δρόμο του βουνού",
    ],
    &[
        "Belediye dün sabah mahallede yeni sebze pazarını açtı",
        "Fırıncı, eski ocağın ay sonuna kadar çalışacağını söylüyor",
        "Kervan iki gün süren yağmurdan sonra köye ulaştı",
        "Çocuklar okulun atölyesinde uçurtma yapmayı öğrendi",
        "Müze kapandı, ilkbaharda yeniden açıldı",
        "Çiftçiler dağ yolunun yanında ikinci bir kuyu kazdı",
    ],
    &[
        "La mairie a inauguré hier matin le nouveau marché aux légumes près de l’église",
        "Le boulanger répète que le vieux four fonctionnera jusqu’à la fin août",
        "La caravane est arrivée au village après deux journées de forte pluie",
        "Les élèves ont appris à fabriquer des cerfs-volants à l’école",
        "Le musée a fermé, puis il a rouvert en février à midi",
        "Les fermières ont creusé un deuxième puits près de la forêt brûlée",
    ],
    &[
        "Die Gemeinde eröffnete gestern früh den neuen Gemüsemarkt",
        "Der Bäcker erzählt, dass der große Ofen bis März läuft",
        "Nach zwei Tagen Regen erreichte der Zug das Dörfchen über die Brücke",
        "In der Werkstätte der Schule übten die Schüler das Drachenbauen",
        "Das Museum schloss und öffnete im Frühjahr für Gäste",
        "Die Bäuerinnen gruben für die Kühe einen zweiten Brunnen",
    ],
    &[
        "昨天早上，镇上开了一个新的菜市场",
        "面包师说旧烤炉只能用到月底",
        "下了两天雨之后，车队终于到了村子",
        "孩子们在学校的工坊里学做风筝",
        "博物馆关了门，春天又重新开放",
        "农民在山路旁边挖了第二口井",
    ],
    &[
        "昨日の朝、町に新しい野菜市場が開いた",
        "パン屋は古い窯が月末まで使えると話す",
        "二日間の雨のあと、隊列は村に着いた",
        "子どもたちは学校の工房で凧の作り方を習った",
        "博物館は閉まり、春にまた開いた",
        "農家は山道のそばに二つ目の井戸を掘った",
    ],
    &[
        "नगरपालिका ने कल सुबह नई सब्ज़ी मंडी खोली",
        "नानबाई कहता है कि पुराना तंदूर महीने के अंत तक चलेगा",
        "दो दिन की बारिश के बाद काफ़िला गाँव पहुँचा",
        "बच्चों ने विद्यालय में पतंग बनाना सीखा",
        "संग्रहालय बंद हुआ और वसंत में फिर खुला",
        "किसानों ने पहाड़ी सड़क के पास दूसरा कुआँ खोदा",
    ],
];
