// Before the page is drawn: the colours that were chosen, or else those of the system.
"use strict";
const chosenTheme = localStorage.getItem("theme");
if (chosenTheme) document.documentElement.dataset.theme = chosenTheme;
document.documentElement.dataset.js = "on";
