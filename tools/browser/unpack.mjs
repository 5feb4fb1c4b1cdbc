// The package unpacks into the folder for temporary files; on Lambda's Amazon Linux with the libraries that it needs.
import chromium from "@sparticuz/chromium";
console.log(await chromium.executablePath());
