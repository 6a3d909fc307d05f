var $=class extends Error{name="InputError"},Rt=class extends Error{name="AdapterError"},fe=class extends Error{name="RunError"};var zf={scale:1,form:"xyxy"};var Pt=String.raw`\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*`,fo=Array(4).fill(Pt).join(","),Df=[String.raw`\[${fo}\]`,String.raw`\(${Pt},${Pt}\)\s*,?\s*\(${Pt},${Pt}\)`,String.raw`\(${fo}\)`,String.raw`<(?:box|bbox)>${fo}</(?:box|bbox)>`].map(e=>new RegExp(e,"i")),qf=new RegExp(String.raw`^${Array(4).fill(Pt).join("[,\\s]")}\.?$`,"i"),Uf=1e-6;function ii(e,t){let{scale:r,form:n}=t??zf,o=Df.map(h=>h.exec(e)).reduce((h,m)=>m!==null&&(h===null||m.index<h.index)?m:h,null)??(t===void 0?null:qf.exec(e.trim()));if(o===null)return null;let s=r==="pixels"?1:r,[i,a,u,c]=o.slice(1).map(h=>Number(h)/s),[d,l]=n==="xyxy"?[u,c]:[i+u,a+c],f=r==="pixels"?Number.MAX_VALUE:n==="xywh"?1+Uf:1;return[i,a,d,l].every(h=>h>=0&&h<=f)&&i<=d&&a<=l?[i,a,d,l]:null}function L(e,t={},...r){return Wf(document.createElement(e),t,r)}function It(e,t={},...r){let n=document.createElementNS("http://www.w3.org/2000/svg",e);for(let[o,s]of Object.entries(t))n.setAttribute(o,s);return n.append(...r),n}function Wf(e,t,r){for(let[n,o]of Object.entries(t))o===void 0||o===!1&&n!=="hidden"||(n.startsWith("on")?e.addEventListener(n.slice(2),o):/^(aria-|data-|for$|role$|scope$|class$|style$)/.test(n)?e.setAttribute(n,o):e[n]=o);return e.append(...r),e}function mt(e,t,r){let n=L("select",{onchange:()=>r(n.value)},...t.map(o=>{let[s,i]=Array.isArray(o)?o:[o,o];return L("option",{value:s,textContent:i})}));return{label:L("label",{},`${e} `,n),select:n}}var Pr={red:[222,38,38],green:[30,160,62],blue:[42,78,226],yellow:[246,214,26],purple:[164,54,196],black:[28,28,30]},te=Object.keys(Pr),we=["circle","square","triangle","cross","ring"],gt={small:7,large:12},He=Object.keys(gt),Le=9,ai=3,Ff=[["yellow","cross"],["purple","ring"],["green","triangle"]];function wt(e,t){return Ff.some(([r,n])=>r===e&&n===t)}var sr=["top","middle","bottom"],ir=["left","centre","right"],Kf=4,Vf=2;function ui(e,t){return Math.min(2,Math.floor((e+t)/2/(32/3)))}function _e(e){return ui(e[1],e[3])}function ie(e){return ui(e[0],e[2])}function Je(e){return`${sr[_e(e)]} ${ir[ie(e)]}`}function ci(e){let t=[];for(let r=0;r+e<=32;r+=Kf){let n=r+e/2;[32/3,2*32/3].every(s=>Math.abs(n-s)>=Vf)&&t.push(r)}return t}var po={small:ci(gt.small),large:ci(gt.large)};function ho(e,t){return e[2]<t[0]||t[2]<e[0]||e[3]<t[1]||t[3]<e[1]}var Gf=3;function di(e,t,r=0){let{onPictures:n,pictures:o,words:s}=t,i=o[r],a=e.trim()===""?"This token":`\u201C${e.trim()}\u201D`,c=s.toSorted((w,_)=>_.share-w.share).slice(0,Gf).map(({text:w,share:_})=>`\u201C${w.trim()||"\u2423"}\u201D ${nt(_)}`).join(", ");if(i===void 0)return`${a}: attention went to ${c}.`;let{rows:d,columns:l,cells:f}=mo(i,3,3),p=f.indexOf(Math.max(...f)),h=d===3&&l===3?`, most of it at ${sr[Math.floor(p/3)]} ${ir[p%3]} (${nt(f[p])})`:"",m=o.length>1?` (all ${o.length} pictures together)`:"",g=i.elsewhere>0?` ${nt(i.elsewhere)} went to a token of the whole picture.`:"";return`${a}: ${nt(n)} of the attention went to the picture${m}${h}.${g} ${nt(1-n)} went to the text: ${c}.`}function nt(e){let t=100*e;return`${t>0&&t<9.95?t.toFixed(1):t.toFixed(0)}%`}function mo(e,t,r){let[n,o]=[Math.min(t,e.rows),Math.min(r,e.columns)],s=new Float64Array(n*o);for(let i=0;i<e.rows;i++)for(let[a,u]of li(i,e.rows,n))for(let c=0;c<e.columns;c++)for(let[d,l]of li(c,e.columns,o))s[a*o+d]+=u*l*e.cells[i*e.columns+c];return{rows:n,columns:o,cells:s}}function li(e,t,r){let n=e*r/t,o=(e+1)*r/t,s=Math.floor(n+1e-9),i=Math.min(1,(s+1-n)/(o-n));return i>1-1e-9?[[s,1]]:[[s,i],[s+1,1-i]]}var fi=8,ar=.85;function hi({stage:e,panel:t}){let r=It("svg",{class:"veil",viewBox:"0 0 1 1",preserveAspectRatio:"none","aria-hidden":"true","shape-rendering":"crispEdges"});e.append(r);function n(){r.replaceChildren(),t.replaceChildren(),t.hidden=!0}function o({name:s,pieces:i,attention:a}){let u=L("h3",{class:"panel-title",textContent:`Where ${s} looked`,tabIndex:-1}),c=Array.from({length:a.layers},(w,_)=>[`${_}`,`layer ${_+1}`]),d=0,l=mt("Layers",[["","all (mean)"],...c],()=>g()),f=L("p",{role:"status"}),p=L("table",{class:"attention"}),h=L("details",{},L("summary",{textContent:"The numbers"}),L("div",{class:"scroll",tabIndex:0,role:"group","aria-label":"Attention in numbers"},p)),m=i.map((w,_)=>L("button",{type:"button",textContent:w.trim()===""?"\u2423":w.trim(),onclick:()=>{d=_,g()}}));function g(){let w=a.of(d,l.select.value===""?void 0:Number(l.select.value));m.forEach((v,O)=>v.setAttribute("aria-pressed",`${O===d}`)),f.textContent=di(i[d],w);let[_]=w.pictures;if(_===void 0){r.replaceChildren(),p.replaceChildren(pi(w.words));return}r.replaceChildren(...Hf(_)),p.replaceChildren(...Jf(_),pi(w.words))}t.replaceChildren(u,L("p",{class:"tokens",role:"group","aria-label":"Tokens of the answer"},...m),L("p",{class:"controls"},l.label,L("button",{type:"button",textContent:"Take the veil away",onclick:n})),f,h,L("p",{class:"hint",textContent:"Shares of the attention of the language model\u2019s heads, their mean, when the token was chosen: read from the model\u2019s own queries and keys in one more pass over prompt and answer. They say what it read from, not why."})),t.hidden=!1,g(),u.focus()}return{show:o,clear:n}}function*Hf({columns:e,rows:t,shown:r,cells:n}){let o=Math.max(...n)||1,s=r.width/e,i=r.height/t,a=(d,l,f,p,h)=>It("rect",{class:"cell",x:d,y:l,width:f,height:p,"fill-opacity":h.toFixed(3)});for(let d=0;d<t;d++)for(let l=0;l<e;l++){let f=n[d*e+l]/o;yield a(r.x+l*s,r.y+d*i,s,i,ar*(1-f))}let u=r.x+r.width,c=r.y+r.height;r.x>0&&(yield a(0,0,r.x,1,ar)),u<1&&(yield a(u,0,1-u,1,ar)),r.y>0&&(yield a(0,0,1,r.y,ar)),c<1&&(yield a(0,c,1,1-c,ar))}function*Jf(e){let{rows:t,columns:r,cells:n}=mo(e,fi,fi),o=(i,a)=>L("th",{textContent:i,scope:a}),s=t<e.rows||r<e.columns;yield L("caption",{textContent:`Attention over the picture, ${e.rows} by ${e.columns} places${s?`, added up to ${t} by ${r}`:""}; then over the text.`}),yield L("thead",{},L("tr",{},L("td"),...Array.from({length:r},(i,a)=>o(`column ${a+1}`,"col")))),yield L("tbody",{},...Array.from({length:t},(i,a)=>L("tr",{},o(`row ${a+1}`,"row"),...Array.from(n.subarray(a*r,(a+1)*r),u=>L("td",{textContent:nt(u)})))))}function pi(e){return L("tbody",{},...e.map(({text:t,share:r})=>L("tr",{},L("th",{scope:"row",textContent:t.trim()===""?"\u2423":t.trim()}),L("td",{textContent:nt(r)}))))}function Xf({tokens:e,seconds:{first:t,all:r}}){let n=o=>`${(1e3*o).toFixed(0)} ms`;return e>1?`${n(r)}, ${n((r-t)/(e-1))} a token`:n(r)}function mi(e,{colourOf:t,onAnswer:r,onAttention:n}){let o=new Map,s=Promise.resolve();function i(){let l=o;o=new Map,e.replaceChildren(),s.then(()=>{for(let f of l.values())f.end()})}function a(l){let f=h=>L("th",{scope:"col",textContent:h}),p=L("tbody");return e.append(L("p",{class:"question",textContent:l}),L("table",{class:"answers","aria-label":`Answers to \u201C${l}\u201D`},L("thead",{},L("tr",{},f("Model"),f("Answer"),f("Time"))),p)),p}function u(l,f,p){let h=L("td"),m=L("td"),g=`border-left: 4px solid var(--${t(p)})`;return l.append(L("tr",{},L("th",{scope:"row",textContent:f,style:g}),h,m)),{answer:h,time:m}}function c(...l){let f=d(...l);return s=f.then(()=>{},()=>{}),f}async function d(l,f,p,h){let m=a(f),g=o,w=[],_=0;for(let[v,{name:O,answers:A}]of l.entries()){if(g!==o)return[];h(O);let{answer:N,time:R}=u(m,O,v);try{g.has(A)||g.set(A,A.begin(p));let B=await g.get(A).ask(f,{onText:T=>N.append(T)});if(g!==o)return[];N.textContent=B.answer===""?"(nothing)":B.answer,R.textContent=Xf(B);let K={name:O,...B,used:B.promptTokens+B.tokens,most:A.maxPositions};B.ended==="length"&&N.append(L("small",{textContent:" (cut off)"})),B.pieces.length>0&&N.append(" ",L("button",{type:"button",class:"where-button",textContent:"where it looked","aria-label":`${O}: where it looked`,onclick:()=>n(K)})),r(K,v),_++}catch(B){if(N.textContent="\u2013",w.push(`${O}: ${B instanceof Error?B.message:B}`),B?.name==="RunError")throw B}}return _===0&&l.length>0&&(m.closest("table").previousElementSibling?.remove(),m.closest("table").remove()),w}return{ask:c,forget:i}}var gi={c:"01110 10001 10000 10000 10000 10001 01110",e:"11111 10000 10000 11110 10000 10000 11111",h:"10001 10001 10001 11111 10001 10001 10001",j:"00111 00010 00010 00010 00010 10010 01100",k:"10001 10010 10100 11000 10100 10010 10001",l:"10000 10000 10000 10000 10000 10000 11111",m:"10001 11011 10101 10101 10001 10001 10001",o:"01110 10001 10001 10001 10001 10001 01110",p:"11110 10001 10001 11110 10000 10000 10000",s:"01111 10000 10000 01110 00001 00001 11110",t:"11111 00100 00100 00100 00100 00100 00100",u:"10001 10001 10001 10001 10001 10001 01110",v:"10001 10001 10001 10001 01010 01010 00100",x:"10001 10001 01010 00100 01010 10001 10001",y:"10001 10001 01010 00100 00100 00100 00100",z:"11111 00001 00010 00100 01000 10000 11111"},We=Object.keys(gi),Yf=new Map(Object.entries(gi).map(([e,t])=>[e,Uint8Array.from(t.replaceAll(" ",""),r=>Number(r))]));function wi(e){let t=Yf.get(e);if(t===void 0)throw new RangeError(`letterDots: expected one of ${We.join(" ")}, found ${JSON.stringify(e)}`);return t}var Ir=He.map(e=>po[e].map(t=>po[e].map(r=>[t,r,t+gt[e],r+gt[e]]))),Zf=new Map(Ir.flatMap((e,t)=>e.flat().map(r=>[r,te.map(n=>we.map(o=>({colour:n,shape:o,size:He[t],box:r})))])));var Bb=new Map([...Zf.keys()].map(e=>[e,3*_e(e)+ie(e)]));var zb=te.map(e=>Array.from({length:Le},(t,r)=>({colour:e,value:r+1})));var ot=8,_t=3,go=8,_i=1;function yi(e){return{width:Math.min(e,_t)*ot,height:Math.ceil(e/_t)*go+1}}function vi(e){let{width:t,height:r}=yi(e),n=o=>Math.floor((32-o)/ot)+1;return{columns:n(t),rows:n(r)}}function bi(e,t,r){let{width:n,height:o}=yi(e.length),s=ot*t,i=ot*r;return{letters:e,box:[s,i,s+n,i+o]}}var Qb=[...te.keys()],e0=Array.from({length:Le},(e,t)=>t+1);var jt=4,Qf=[250,250,250],ep=[20,20,20],tp=[90,90,90],Br={circle:(e,t)=>(e-.5)**2+(t-.5)**2<=.25,square:()=>!0,triangle:(e,t)=>Math.abs(e-.5)<=t/2,cross:(e,t)=>Math.abs(e-.5)<=.215||Math.abs(t-.5)<=.215,ring:(e,t)=>{let r=(e-.5)**2+(t-.5)**2;return r<=.25&&r>=.0625}};function wo(e,t){let r=31;return[8*e+1,r-ai*t,8*e+7,r]}function xi(e,t){if(!Number.isInteger(t)||t<1)throw new RangeError(`renderScene: expected a size of 1 pixel or more, found ${t}`);let r=new Uint8Array(t*t*3),[n,o,s]=e.background;for(let a=0;a<r.length;a+=3)r[a]=n,r[a+1]=o,r[a+2]=s;let i=(a,u,c)=>rp(r,t,a,u,c);for(let a of e.objects)i(a.box,Pr[a.colour],Br[a.shape]);for(let[a,u]of e.bars.entries())i(wo(a,u.value),Pr[u.colour],Br.square);if(e.kind==="chart"&&i([0,31,32,32],tp,Br.square),e.sign!==void 0){let{letters:a,box:[u,c]}=e.sign;i(e.sign.box,Qf,Br.square);for(let[d,l]of a.entries()){let f=wi(l),p=u+d%_t*ot+_i,h=c+Math.floor(d/_t)*go+1;i([p,h,p+5,h+7],ep,(m,g)=>{let w=Math.min(6,Math.floor(g*7));return f[w*5+Math.min(4,Math.floor(m*5))]===1})}}return np(r,e.noise),r}function rp(e,t,r,n,o){let s=t/32,i=r[0]*s,a=r[1]*s,u=(r[2]-r[0])*s,c=(r[3]-r[1])*s,d=Math.min(t,Math.ceil(i+u)),l=Math.min(t,Math.ceil(a+c));for(let f=Math.floor(a);f<l;f++)for(let p=Math.floor(i);p<d;p++){let h=0;for(let w=0;w<jt;w++){let _=(f+(w+.5)/jt-a)/c;if(!(_<0||_>1))for(let v=0;v<jt;v++){let O=(p+(v+.5)/jt-i)/u;O>=0&&O<=1&&o(O,_)&&h++}}if(h===0)continue;let m=h/(jt*jt),g=(f*t+p)*3;for(let w=0;w<3;w++)e[g+w]=Math.round(e[g+w]+m*(n[w]-e[g+w]))}}function np(e,t){let r=t>>>0;for(let n=0;n<e.length;n++){r=Math.imul(r,1664525)+1013904223>>>0;let o=e[n]+(r>>>16)%13-6;e[n]=o<0?0:o>255?255:o}}var zr=class{#e=[];#t=[];#r;constructor(t){this.#r=t}get now(){return this.#r}get undoable(){return this.#e.length>0}get redoable(){return this.#t.length>0}go(t,r=!1){r||this.#e.push(this.#r),this.#r=t,this.#t=[]}undo(){let t=this.#e.pop();t!==void 0&&(this.#t.push(this.#r),this.#r=t)}redo(){let t=this.#t.pop();t!==void 0&&(this.#e.push(this.#r),this.#r=t)}};var Ur={things:[]},$i=Math.floor(32/8),Bt=2*_t,op={background:[208,208,208],noise:1},sp="There is no room for it: move or remove something first.";function Ei({things:e}){let t=e.filter(o=>o.kind==="object").map(({kind:o,...s})=>s),r=e.filter(o=>o.kind==="bar").map(({kind:o,...s})=>s),n=e.find(o=>o.kind==="sign");return{kind:r.length>0?"chart":n!==void 0?"sign":"objects",objects:t.sort((o,s)=>ki(o.box)-ki(s.box)),...n&&{sign:{letters:n.letters,box:n.box}},bars:r,...op}}function zt({things:e},t){let r=e[t];return r.kind!=="bar"?r.box:wo(e.slice(0,t).filter(({kind:n})=>n==="bar").length,r.value)}function lr(e,t){let r=e.things[t];if(r.kind==="bar")return`${r.colour} bar of height ${r.value}`;let n=Je(r.box);return r.kind==="sign"?`sign with ${r.letters.join(" ")} at ${n}`:`${r.size} ${r.colour} ${r.shape} at ${n}`}function Wr(e,t,r=[0,0]){return e.things.some(({kind:n})=>n==="bar")?{refused:_o}:ur(e,e.things.length,yo(t.size),r,n=>Si(t,n))}var _o="A picture has shapes and a sign, or bars: clear it to draw the other.";function Si({colour:e,shape:t,size:r},n){return{kind:"object",colour:e,shape:t,size:r,box:n}}function yo(e){return Ir[He.indexOf(e)].flat()}function ki(e){return 3*_e(e)+ie(e)}function Oi(e){let{columns:t,rows:r}=vi(e.length);return Array.from({length:t*r},(n,o)=>bi(e,o%t,Math.floor(o/t)))}function ur({things:e},t,r,[n,o],s){let i=e.filter((d,l)=>l!==t&&d.kind!=="bar"),a=r.filter(d=>i.every(l=>ho(d,l.box))),u=d=>((d[0]+d[2])/2-n)**2+((d[1]+d[3])/2-o)**2,[c]=a.toSorted((d,l)=>u(d)-u(l));return c===void 0?{refused:sp}:{sketch:{things:e.toSpliced(t,1,s(c))},at:t}}function Dr([e,t,r,n]){return[(e+r)/2,(t+n)/2]}function vo(e,t){let r=[...t.toLowerCase().replaceAll(/\s/g,"")],n=r.filter(a=>!We.includes(a));if(n.length>0||r.length===0||r.length>Bt)return{refused:`A sign has 1 to ${Bt} of the letters ${We.join(" ")}${n.length>0?`; not ${[...new Set(n)].join(" ")}`:""}.`};if(e.things.some(({kind:a})=>a==="bar"))return{refused:_o};let o=e.things.findIndex(({kind:a})=>a==="sign"),s=o<0?e.things.length:o,i=o<0?[0,0]:Dr(zt(e,o));return ur(e,s,Oi(r).map(({box:a})=>a),i,a=>({kind:"sign",letters:r,box:a}))}function Ai(e,{colour:t,value:r}){let{things:n}=e;if(n.some(({kind:s})=>s!=="bar"))return{refused:_o};if(n.length>=$i)return{refused:`A picture has room for ${$i} bars.`};let o=Math.min(Le,Math.max(1,Math.round(r)));return{sketch:{things:[...n,{kind:"bar",colour:t,value:o}]},at:n.length}}function bo(e,t,r){let n=e.things[t];if(n.kind==="sign")return{sketch:e,at:t};let{colour:o=n.colour}=r;if(n.kind==="bar"){let i=Math.min(Le,Math.max(1,Math.round(r.value??n.value)));return{sketch:{things:e.things.toSpliced(t,1,{...n,colour:o,value:i})},at:t}}let s={colour:o,shape:r.shape??n.shape,size:r.size??n.size};return ur(e,t,yo(s.size),Dr(n.box),i=>Si(s,i))}function qr(e,t,r){let n=e.things[t];if(n.kind==="object")return ur(e,t,yo(n.size),r,s=>({...n,box:s}));if(n.kind==="sign")return ur(e,t,Oi(n.letters).map(({box:s})=>s),r,s=>({...n,box:s}));let o=Math.min(e.things.length-1,Math.max(0,Math.floor(r[0]/8)));return{sketch:{things:e.things.toSpliced(t,1).toSpliced(o,0,n)},at:o}}function Ti(e,t,r,n){let o=e.things[t];if(o.kind==="bar")return n!==0?bo(e,t,{value:o.value-n}):qr(e,t,[8*Math.max(0,t+r)+4,0]);let[s,i]=Dr(o.box),a=o.kind==="sign"?ot:4;for(let u=1;u*a<32;u++){let c=qr(e,t,[s+r*u*a,i+n*u*a]);if("refused"in c)return c;let[d,l]=Dr(zt(c.sketch,t)),f=(d-s)*r+(l-i)*n,p=Math.abs((d-s)*n)+Math.abs((l-i)*r);if(f>0&&f>=p)return c}return{refused:"There is no free place in that direction."}}function Ci(e,t){return{things:e.things.toSpliced(t,1)}}function xo({things:e}){let t=new Set(e.map(r=>r.kind==="sign"?void 0:r.colour));return te.find(r=>!t.has(r))??te[0]}function ip(e){let t=new TextEncoder().encode(e),r=n=>{let o=n;for(let s of t)o=Math.imul(o^s,16777619);return o=Math.imul(o^t.length^o>>>16,2246822507),o=Math.imul(o^o>>>13,3266489909),(o^o>>>16)>>>0};return[r(2166136261),r(2654435769),r(2135587861),r(625341585)]}function Ni(e,t){return e<<t|e>>>32-t}var Re=class e{#e;#t;#r;constructor(t){this.#e=String(t),this.#t=Int32Array.from(ip(this.#e)),this.#t.every(r=>r===0)&&(this.#t[0]=1)}#n(){let t=this.#t,[r,n,o,s]=[t[0],t[1],t[2],t[3]],i=Math.imul(Ni(Math.imul(n,5),7),9)>>>0,a=o^r,u=s^n;return t[1]=n^a,t[0]=r^u,t[2]=a^n<<9,t[3]=Ni(u,11),i}next(){let t=this.#n()>>>5,r=this.#n()>>>6;return(t*67108864+r)/9007199254740992}int(t){if(!Number.isInteger(t)||t<1||t>4294967296)throw new RangeError(`Random.int: expected an integer from 1 to 2^32, found ${t}`);if(t===4294967296)return this.#n();for(;;){let r=this.#n(),n=(r>>>0)%(t>>>0);if(r-n+t<=4294967296)return n}}normal(){if(this.#r!==void 0){let s=this.#r;return this.#r=void 0,s}let t=0,r=0,n=0;do t=2*this.next()-1,r=2*this.next()-1,n=t*t+r*r;while(n>=1||n===0);let o=Math.sqrt(-2*Math.log(n)/n);return this.#r=r*o,t*o}shuffle(t){for(let r=t.length-1;r>0;r--){let n=this.int(r+1),o=t[r];t[r]=t[n],t[n]=o}return t}pick(t){if(t.length===0)throw new RangeError("Random.pick: expected at least one element, found none");return t[this.int(t.length)]}fork(t){return new e(`${this.#e}/${t.length}:${t}`)}};function Dt(e,t){return e.objects.filter(r=>(t.colour===void 0||r.colour===t.colour)&&(t.shape===void 0||r.shape===t.shape)&&(t.size===void 0||r.size===t.size))}function Se(e,t){return Dt(e,t).length===1}var Mi=[["left of",(e,t)=>ie(e.box)<ie(t.box)],["right of",(e,t)=>ie(e.box)>ie(t.box)],["above",(e,t)=>_e(e.box)<_e(t.box)],["below",(e,t)=>_e(e.box)>_e(t.box)]],Li=[["leftmost",e=>-ie(e.box)],["rightmost",e=>ie(e.box)],["highest",e=>-_e(e.box)],["lowest",e=>_e(e.box)]];function Ri(e,t){let r=Math.max(...e.objects.map(t)),n=e.objects.filter(o=>t(o)===r);return n.length===1?n[0]:void 0}function J(e){return`${e.colour} ${e.shape}`}function $o(e){return`a ${e.size} ${e.colour} ${e.shape}`}function Pi(e){let t=e.objects.map(r=>({at:3*_e(r.box)+ie(r.box),text:`${$o(r)} at ${Je(r.box)}.`}));if(e.sign!==void 0){let{box:r,letters:n}=e.sign;t.push({at:3*_e(r)+ie(r),text:`a sign with ${n.join(" ")}.`}),t.sort((o,s)=>o.at-s.at)}return[...t.map(r=>r.text),...e.bars.map(ap)]}function ap(e){return`a ${e.colour} bar of height ${e.value}.`}function ko(e,t){return{name:`caption-${e}`,share:t,kind:e,keys:[],questions:r=>[{question:"describe the image",answer:Pi(r).join(" "),key:""}]}}var Ii={name:"caption",metric:"cider",turns:1,templates:[ko("objects",.7),ko("sign",.15),ko("chart",.15)]};var Bi=2,cp={name:"bar-value",share:.45,kind:"chart",keys:Array.from({length:Le},(e,t)=>String(t+1)),questions:e=>e.bars.map(({colour:t,value:r})=>({question:`how high is the ${t} bar?`,answer:String(r),key:String(r),subject:t}))},up={name:"bar-of-value",share:.15,kind:"chart",keys:te,questions:e=>e.bars.map(({colour:t,value:r})=>({question:`what bar has height ${r}?`,answer:t,key:t,subject:t}))};function ji(e,t,r,n){return{name:e,share:r,kind:"chart",keys:te,questions:o=>{let[s,i]=o.bars.toSorted((u,c)=>n*(c.value-u.value));if(Math.abs(s.value-i.value)<Bi)return[];let a=s.colour;return[{question:`what bar is ${t}?`,answer:a,key:a,subject:t}]}}}var lp={name:"higher",share:.1,kind:"chart",keys:["yes","no"],questions:e=>e.bars.flatMap(t=>e.bars.filter(r=>Math.abs(t.value-r.value)>=Bi).map(r=>{let n=t.value>r.value?"yes":"no";return{question:`is the ${t.colour} bar higher than the ${r.colour} bar?`,answer:n,key:n,subject:`higher ${[t.colour,r.colour].sort().join()}`}}))},zi={name:"chart",metric:"exact-match",turns:3,templates:[cp,up,ji("highest-bar","highest",.15,1),ji("lowest-bar","lowest",.15,-1),lp]};var dp=["and","are","look","tell"],x0=te.flatMap(e=>we.filter(t=>!wt(e,t)).flatMap(t=>dp.map(r=>({question:`what has the ${e} ${t}?`,answer:r,key:r}))));var Fr=Array.from({length:33},(e,t)=>{let r=t*100/32,n=Math.floor(r),o=r-n,s=o>.5||o===.5&&n%2===1?n+1:n;return String(s/100)});function Kr(e){return`[${e.map(t=>Fr[t]).join(", ")}]`}var E0=[...Fr.map(e=>`[${e},`),...Fr.map(e=>`${e},`),...Fr.map(e=>`${e}]`)];function Eo(e,t,r,n){return{name:e,share:t,kind:"objects",keys:[],questions:o=>o.objects.filter(s=>r(o,s)).map(s=>({question:`where is the ${n(s)}?`,answer:Kr(s.box),key:"",subject:J(s)}))}}var Vr={name:"grounding",metric:"iou",turns:2,templates:[Eo("box-of-object",.5,()=>!0,J),Eo("box-of-shape",.25,(e,{shape:t})=>Se(e,{shape:t}),({shape:e})=>e),Eo("box-of-colour",.25,(e,{colour:t})=>Se(e,{colour:t}),({colour:e})=>`${e} object`)]};var fp={name:"colour-of-shape",share:.2,kind:"objects",keys:te,questions:e=>e.objects.filter(({shape:t})=>Se(e,{shape:t})).map(t=>({question:`what colour is the ${t.shape}?`,answer:t.colour,key:t.colour,subject:J(t)}))},pp={name:"shape-of-colour",share:.2,kind:"objects",keys:we,questions:e=>e.objects.filter(({colour:t})=>Se(e,{colour:t})).map(t=>({question:`what shape is ${t.colour}?`,answer:t.shape,key:t.shape,subject:J(t)}))},hp={name:"size-of-object",share:.12,kind:"objects",keys:He,questions:e=>e.objects.map(t=>({question:`what size is the ${J(t)}?`,answer:t.size,key:t.size,subject:J(t)}))},mp={name:"colour-at-place",share:.12,kind:"objects",keys:te,questions:e=>e.objects.map(t=>({question:`what colour is at ${Je(t.box)}?`,answer:t.colour,key:t.colour,subject:J(t)}))},gp={name:"shape-at-place",share:.1,kind:"objects",keys:we,questions:e=>e.objects.map(t=>({question:`what shape is at ${Je(t.box)}?`,answer:t.shape,key:t.shape,subject:J(t)}))},wp={name:"count-objects",share:.1,kind:"objects",keys:["2","3","4"],questions:e=>{let t=String(e.objects.length);return[{question:"how many objects?",answer:t,key:t,subject:"count"}]}},Di=["0","1","2"],_p={name:"count-colour",share:.1,kind:"objects",keys:Di,questions:e=>te.flatMap(t=>{let r=String(Dt(e,{colour:t}).length);return Di.includes(r)?[{question:`how many ${t} objects?`,answer:r,key:r,subject:`count ${t}`}]:[]})},yp={name:"existence",share:.06,kind:"objects",keys:["yes","no"],questions:e=>{let t=new Set(e.objects.map(n=>n.colour)),r=new Set(e.objects.map(n=>n.shape));return t.size<2||r.size<2?[]:[...t].flatMap(n=>[...r].filter(o=>!wt(n,o)).map(o=>{let s=Dt(e,{colour:n,shape:o}).length>0?"yes":"no";return{question:`is there a ${n} ${o}?`,answer:s,key:s,subject:`${n} ${o}`}}))}},Gr={name:"vqa",metric:"exact-match",turns:3,templates:[fp,pp,hp,mp,gp,wp,_p,yp]};function qi(e,t,r){return{...t,questions:n=>n.objects.length===e?t.questions(n).map(o=>r(o,n)):[]}}var vp=["colour-of-shape","shape-of-colour","colour-at-place","shape-at-place"],bp={name:"vqa-full",metric:"exact-match",turns:1,templates:Gr.templates.filter(({name:e})=>vp.includes(e)).map(e=>({...qi(4,e,t=>({...t,answer:t.subject})),name:`${e.name}-full`}))},xp=sr.flatMap(e=>ir.map(t=>`${e} ${t}`)),$p={name:"grounding-words",metric:"exact-match",turns:1,templates:Vr.templates.map(e=>({...qi(2,e,(t,r)=>{let n=Je(r.objects.find(o=>J(o)===t.subject).box);return{...t,answer:n,key:n}}),name:`${e.name}-words`,keys:xp}))};function Ui(e){return e.objects.flatMap(t=>Mi.flatMap(([r,n])=>{let o=e.objects.filter(s=>s!==t&&n(s,t));return o.length===1?[{words:`${r} the ${J(t)}`,object:o[0]}]:[]}))}var kp={name:"relation-colour",share:.26,kind:"objects",keys:te,questions:e=>Ui(e).map(({words:t,object:r})=>({question:`what colour is ${t}?`,answer:r.colour,key:r.colour,subject:J(r)}))},Ep={name:"relation-shape",share:.18,kind:"objects",keys:we,questions:e=>Ui(e).map(({words:t,object:r})=>({question:`what shape is ${t}?`,answer:r.shape,key:r.shape,subject:J(r)}))};function Wi(e){return Li.flatMap(([t,r])=>{let n=Ri(e,r);return n===void 0?[]:[{word:t,object:n}]})}var Sp={name:"extreme-colour",share:.18,kind:"objects",keys:te,questions:e=>Wi(e).map(({word:t,object:r})=>({question:`what colour is the ${t} object?`,answer:r.colour,key:r.colour,subject:J(r)}))},Op={name:"extreme-shape",share:.14,kind:"objects",keys:we,questions:e=>Wi(e).map(({word:t,object:r})=>({question:`what shape is the ${t} object?`,answer:r.shape,key:r.shape,subject:J(r)}))},Ap={name:"same-colour-shape",share:.08,kind:"objects",keys:we,questions:e=>e.objects.flatMap(t=>{let r=Dt(e,{colour:t.colour});if(r.length!==2||!Se(e,{shape:t.shape}))return[];let n=r.find(o=>o!==t);return[{question:`what shape has the colour of the ${t.shape}?`,answer:n.shape,key:n.shape,subject:J(n)}]})},Tp={name:"side",share:.06,kind:"objects",keys:["left","right"],questions:e=>So(e).filter(([t,r])=>ie(t.box)!==ie(r.box)).map(([t,r])=>{let n=ie(t.box)<ie(r.box)?"left":"right";return{question:`is the ${J(t)} left or right of the ${J(r)}?`,answer:n,key:n,subject:`side ${[J(t),J(r)].sort().join()}`}})},Cp={name:"larger",share:.06,kind:"objects",keys:["first","second"],questions:e=>So(e).filter(([t,r])=>t.size!==r.size&&Se(e,{colour:t.colour})&&Se(e,{colour:r.colour})).map(([t,r])=>({question:`what is larger: ${t.colour} or ${r.colour}?`,answer:t.size==="large"?t.colour:r.colour,key:t.size==="large"?"first":"second",subject:`larger ${[t.colour,r.colour].sort().join()}`}))},Np={name:"same-size",share:.04,kind:"objects",keys:["yes","no"],questions:e=>So(e).filter(([t,r])=>Se(e,{colour:t.colour})&&Se(e,{colour:r.colour})).map(([t,r])=>{let n=t.size===r.size?"yes":"no";return{question:`has ${t.colour} the size of ${r.colour}?`,answer:n,key:n,subject:`same-size ${[t.colour,r.colour].sort().join()}`}})};function So(e){return e.objects.flatMap(t=>e.objects.filter(r=>r!==t).map(r=>[t,r]))}var Fi={name:"gqa",metric:"exact-match",turns:3,templates:[kp,Ep,Sp,Op,Ap,Tp,Cp,Np]};var Mp={name:"whole-sign",share:.5,kind:"sign",keys:[],last:!0,questions:({sign:e})=>e===void 0?[]:[{question:"what does the sign say?",answer:e.letters.join(" "),key:"",subject:"sign"}]};function Ki(e,t,r){return{name:e,share:.25,kind:"sign",keys:We,questions:({sign:n})=>{let o=n?.letters.at(r);return o===void 0?[]:[{question:`what is the ${t} letter?`,answer:o,key:o,subject:t}]}}}var Vi={name:"reading",metric:"exact-match",turns:2,templates:[Mp,Ki("first-letter","first",0),Ki("last-letter","last",-1)]};var Gi={name:"region-caption",metric:"cider",turns:2,templates:[{name:"region",share:1,kind:"objects",keys:[],questions:e=>e.objects.map(t=>({question:`describe ${Kr(t.box)}`,answer:$o(t),key:"",subject:J(t)}))}]};var Hi=[Ii,Gi,Gr,Fi,zi,Vi,Vr];var Lp=3;function Ji(e){let{objects:t,bars:r,sign:n}=e;if(t.length+r.length===0&&n===void 0)return[];let o=[...dr(t.map(J)),...dr(r.map(({colour:i})=>`${i} bar`)),...dr(r.map(({value:i})=>`height ${i}?`))],s=new Re("suggestions");return Hi.flatMap(({name:i,templates:a})=>{let c=a.filter(({kind:d})=>d===e.kind||d==="objects"&&e.kind==="sign"&&t.length>0).filter(({kind:d})=>d!=="chart"||r.length>1).flatMap(d=>{let l=d.questions(e).filter(({question:f,key:p,subject:h})=>(d.keys.length===0||d.keys.includes(p))&&!o.some(m=>f.includes(m)||h===m));return l.length===0?[]:[s.pick(l)]});return s.shuffle(c).slice(0,Lp).map(({question:d,answer:l})=>({task:i,question:d,answer:l}))})}function Xi({objects:e,bars:t,sign:r}){let n=e.map(J),o=[...new Set(e.filter(a=>wt(a.colour,a.shape)).map(J))],s=[];o.length>0&&s.push(`No picture of the benchmark that models are tuned on shows a ${o.join(" or a ")}.`),(dr(n).length>0||dr(t.map(({colour:a})=>a)).length>0)&&s.push("Two things are alike: the benchmark has no such picture, and its questions do not tell them apart.");let i=r===void 0?4:2;return e.length>i&&s.push(`The benchmark draws at most ${i} shapes${r===void 0?"":" beside a sign"}.`),r!==void 0&&(r.letters.length<2||r.letters.length>3)&&s.push("The benchmark's signs have two or three letters."),s}function dr(e){return[...new Set(e.filter((t,r)=>e.indexOf(t)<r))]}var Rp={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};function Yi({stage:e,controls:t},{size:r,onChange:n}){let o=new zr(Ur),s=-1,i,a=L("div",{class:"things",hidden:!0});e.append(a);let u=L("p",{role:"status",class:"said"}),c=L("p",{class:"note",hidden:!0}),d=mt("Colour",te,k=>T({colour:k})),l=mt("Shape",we,k=>T({shape:k})),f=mt("Size",He.toReversed(),k=>T({size:k})),p=Array.from({length:Le},(k,S)=>`${S+1}`),h=mt("Bar\u2019s height",p,k=>T({value:Number(k)}));h.select.value="5";let m=L("input",{type:"text",size:Bt+2,maxLength:2*Bt,autocomplete:"off",value:"ho",onkeydown:k=>{k.key==="Enter"&&(k.preventDefault(),R(vo(o.now,m.value)))}}),g=(k,S)=>L("button",{type:"button",textContent:k,onclick:S}),w=()=>({colour:d.select.value,shape:l.select.value,size:f.select.value}),_=g("Undo",()=>K("undo")),v=g("Redo",()=>K("redo")),O=g("Remove",()=>P()),A=g("Clear",()=>B(Ur,-1,"All is cleared."));t.append(L("fieldset",{class:"drawing"},L("legend",{textContent:"Draw a picture"}),L("p",{class:"hint"},"Add things, then drag them, or choose one and move it with the arrow keys. They stay where the benchmark\u2019s ","pictures have things. Delete removes, Ctrl+Z undoes."),L("p",{class:"controls"},d.label,l.label,f.label,h.label),L("p",{class:"controls"},g("Add shape",()=>R(Wr(o.now,w()),"fresh")),g("Add bar",()=>R(Ai(o.now,{colour:w().colour,value:Number(h.select.value)}),"fresh")),L("label",{},"Letters ",m),g("Set sign",()=>R(vo(o.now,m.value)))),L("p",{class:"controls"},O,_,v,A),u,c)),m.title=`Up to ${Bt} of ${We.join(" ")}`,t.addEventListener("keydown",N),a.addEventListener("keydown",N);function N(k){if(!(k.ctrlKey||k.metaKey)||k.target===m)return;let S=k.key.toLowerCase();S!=="z"&&S!=="y"||(k.preventDefault(),K(S==="y"||k.shiftKey?"redo":"undo"))}function R(k,S,y=!1){return"refused"in k?(u.textContent=k.refused,!1):(B(k.sketch,k.at,`${lr(k.sketch,k.at)}.`,y),S==="fresh"&&(d.select.value=xo(k.sketch)),!0)}function B(k,S,y,b=!1){o.go(k,b),s=S,u.textContent=y,M()}function K(k){o[k](),s=-1,u.textContent=k==="undo"?"Undone.":"Done again.",M()}function T(k){s>=0&&R(bo(o.now,s,k))}function P(){if(s<0)return;let k=lr(o.now,s);B(Ci(o.now,s),-1,`${k}: removed.`),(a.querySelector("button")??_).focus()}function W(k){s=k;let S=o.now.things[k];if(S!==void 0){for(let{select:y,name:b}of[{...d,name:"colour"},{...l,name:"shape"},{...f,name:"size"}])S[b]!==void 0&&(y.value=S[b]);S.kind==="bar"&&(h.select.value=`${S.value}`),S.kind==="sign"&&(m.value=S.letters.join("")),u.textContent=`${lr(o.now,k)}.`}se()}function se(){for(let[k,S]of[...a.children].entries())S.setAttribute("aria-pressed",`${k===s}`);O.disabled=s<0,_.disabled=!o.undoable,v.disabled=!o.redoable,A.disabled=o.now.things.length===0}function ae({clientX:k,clientY:S}){let{left:y,top:b,width:E,height:z}=a.getBoundingClientRect();return[32*(k-y)/E,32*(S-b)/z]}function ue(k){let S=L("button",{type:"button",onfocus:()=>W(k),onclick:()=>W(k),onkeydown:y=>{let b=Rp[y.key];if(b!==void 0)R(Ti(o.now,k,...b));else if(y.key==="Delete"||y.key==="Backspace")P();else return;y.preventDefault(),b!==void 0&&a.children[s]?.focus()},onpointerdown:y=>{W(k),i={moved:!1},S.setPointerCapture(y.pointerId)},onpointermove:y=>{if(i===void 0||s<0)return;let b=qr(o.now,s,ae(y));"refused"in b||Pp(zt(b.sketch,b.at),zt(o.now,s))||(R(b,void 0,i.moved),i.moved=!0)},onpointerup:()=>i=void 0,onpointercancel:()=>i=void 0});return S}function X(){let k=o.now;for(;a.children.length>k.things.length;)a.lastElementChild.remove();for(;a.children.length<k.things.length;)a.append(ue(a.children.length));for(let[S,y]of[...a.children].entries()){let[b,E,z,H]=zt(k,S),ee=Ee=>`${100*Ee/32}%`;Object.assign(y.style,{left:ee(b),top:ee(E),width:ee(z-b),height:ee(H-E)}),y.setAttribute("aria-label",lr(k,S))}}function M(){X(),se();let k=Ei(o.now),S=Xi(k);c.textContent=S.join(" "),c.hidden=S.length===0,n({image:{width:r,height:r,data:xi(k,r)},scene:k,questions:Ji(k)})}return{open(){if(t.hidden=a.hidden=!1,o.now.things.length===0&&!o.undoable){let k=Wr(Ur,{colour:"red",shape:"circle",size:"large"},[8,8]),S=Wr(k.sketch,{colour:"blue",shape:"square",size:"small"},[24,24]);o.go(S.sketch,!0),d.select.value=xo(S.sketch)}M()},close(){t.hidden=a.hidden=!0}}}function Pp(e,t){return e.every((r,n)=>r===t[n])}async function Zi({width:e,height:t,data:r}){let n=new OffscreenCanvas(e,t),o=new ImageData(e,t);for(let s=0;s<e*t;s++)o.data.set(r.subarray(3*s,3*s+3),4*s),o.data[4*s+3]=255;return n.getContext("2d").putImageData(o,0,0),await n.convertToBlob()}var Oo="WebGPU, by which models run, is not available in this browser. Open the page in a current Chrome, Edge, Safari or Firefox; on Linux, Chrome may want chrome://flags/#enable-unsafe-webgpu. All else on this page works without.";function Qi(){if(!("gpu"in navigator))return Oo;if(!("Float16Array"in globalThis)||!("fromBase64"in Uint8Array))return"This browser is too old to unpack the models; one of 2026 can. All else on this page works without."}function $e(e){return e.facts.isFallbackAdapter?"cpu":"gpu"}var ea=`// Reductions over the eight invocations tx = 0 \u2026 7 that share own rows 4\xB7ty \u2026 of a tile.
var<workgroup> shared_rows: array<vec4f, 64>; // [tx, own rows / 4]

// The largest of their values and of \`least\`.
fn max_across(value: vec4f, least: vec4f, tx: u32, ty: u32) -> vec4f {
  shared_rows[tx * 8u + ty] = value;
  workgroupBarrier();
  var top = least;
  //#repeat t 8
  top = max(top, shared_rows[\${8 * t}u + ty]);
  //#end t
  return top;
}

fn sum_across(value: vec4f, tx: u32, ty: u32) -> vec4f {
  shared_rows[tx * 8u + ty] = value;
  workgroupBarrier();
  var sum = vec4f();
  //#repeat t 8
  sum += shared_rows[\${8 * t}u + ty];
  //#end t
  return sum;
}
`;var ta=`//#include activations
// The activation function that is asked for, and its derivative.
//#if GELU
fn activate(x: f32) -> f32 { return gelu(x); }
fn derivative(x: f32) -> f32 { return gelu_derivative(x); }
//#elif QUICK_GELU
fn activate(x: f32) -> f32 { return quick_gelu(x); }
fn derivative(x: f32) -> f32 { return quick_gelu_derivative(x); }
//#elif GELU_TANH
fn activate(x: f32) -> f32 { return gelu_tanh(x); }
fn derivative(x: f32) -> f32 { return gelu_tanh_derivative(x); }
//#elif SILU
fn activate(x: f32) -> f32 { return silu(x); }
fn derivative(x: f32) -> f32 { return silu_derivative(x); }
//#end GELU
`;var ra=`// The activation functions and their derivatives.

// erf by Abramowitz and Stegun 7.1.26: absolute error below 2e-7.
fn erf(x: f32) -> f32 {
  let t = 1.0 / fma(0.3275911, abs(x), 1.0);
  let poly = t * fma(t, fma(t, fma(t, fma(t, 1.061405429, -1.453152027), 1.421413741), -0.284496736), 0.254829592);
  let e = 1.0 - poly * exp(-x * x);
  return select(e, -e, x < 0.0);
}

fn sigmoid(x: f32) -> f32 { return 1.0 / (1.0 + exp(-x)); }

// GELU: x\xB7\u03A6(x) with the exact normal distribution.
fn gelu(x: f32) -> f32 { return 0.5 * x * (1.0 + erf(x * 0.70710678)); }
fn gelu_derivative(x: f32) -> f32 {
  return 0.5 * (1.0 + erf(x * 0.70710678)) + x * 0.39894228 * exp(-0.5 * x * x);
}

// quick-GELU: x\xB7sigmoid(1.702 x), CLIP's.
fn quick_gelu(x: f32) -> f32 { return x * sigmoid(1.702 * x); }
fn quick_gelu_derivative(x: f32) -> f32 {
  let s = sigmoid(1.702 * x);
  return s + 1.702 * x * s * (1.0 - s);
}

// GELU by tanh: x\xB7\xBD(1 + tanh u) = x\xB7sigmoid(2u), u = \u221A(2/\u03C0)\xB7(x + 0.044715 x\xB3); SigLIP's.
fn gelu_tanh_inner(x: f32) -> f32 { return 1.5957691 * x * fma(0.044715 * x, x, 1.0); }
fn gelu_tanh(x: f32) -> f32 { return x * sigmoid(gelu_tanh_inner(x)); }
fn gelu_tanh_derivative(x: f32) -> f32 {
  let s = sigmoid(gelu_tanh_inner(x));
  return s + 1.5957691 * x * s * (1.0 - s) * fma(0.134145 * x, x, 1.0);
}

// SiLU: x\xB7sigmoid(x).
fn silu(x: f32) -> f32 { return x * sigmoid(x); }
fn silu_derivative(x: f32) -> f32 {
  let s = sigmoid(x);
  return s + x * s * (1.0 - s);
}
`;var na=`// What the backward passes of attention bind besides.
@group(0) @binding(4) var<storage, read_write> d_o: array<vec4f>;  // [rows, heads\xB7D]
@group(0) @binding(5) var<storage, read_write> delta: array<f32>;  // [rows, heads] dO\xB7o
@group(0) @binding(6) var<storage, read_write> dqkv: array<vec4f>; // [rows, (heads + 2\xB7groups)\xB7D]
`;var oa=`// What every pass of attention binds, and how it lies. D, the head size, is four times D4.
struct Params { rows: u32, heads: u32, groups: u32, causal: u32, scale: f32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<qkv_t4>; // [rows, (heads + 2\xB7groups)\xB7D] queries, keys, values
@group(0) @binding(1) var<storage, read_write> span: array<vec2i>; // [rows] first and end of the row's sequence
@group(0) @binding(2) var<storage, read_write> o: array<o_t4>;     // [rows, heads\xB7D]
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;    // [rows, heads] log \u03A3 exp of the scores

// vec4s of a row of qkv, and of a row of o.
fn qkv_stride() -> u32 { return (p.heads + 2u * p.groups) * \${D4}u; }
fn o_stride() -> u32 { return p.heads * \${D4}u; }

// Where in a row of qkv a head's queries begin, and the keys and values of a key-value head.
fn query_at(head: u32) -> u32 { return head * \${D4}u; }
fn key_at(group: u32) -> u32 { return (p.heads + group) * \${D4}u; }
fn value_at(group: u32) -> u32 { return key_at(group) + p.groups * \${D4}u; }
`;var sa="    //#include attention_score\n    // weight = exp(score\xB7scale \u2212 lse) and d_score = weight\xB7(d_weight \u2212 delta) of own row r and row j\n    var dw${r} = own_value${r}_0 * other_value0;\n    //#repeat d D4MORE\n    dw${r} = fma(own_value${r}_${d + 1}, other_value${d + 1}, dw${r});\n    //#end d\n    let score${r} = lane_sum(s${r}) * p.scale;\n    let weight${r} = select(0.0, exp(score${r} - lse${r}), j >= range${r}.x && j < range${r}.y);\n    let d_score${r} = weight${r} * (lane_sum(dw${r}) - delta${r});\n";var ia="    // score: own row r times the other side's row.\n    var s${r} = own${r}_0 * other0;\n    //#repeat d D4MORE\n    s${r} = fma(own${r}_${d + 1}, other${d + 1}, s${r});\n    //#end d\n";var aa=`// How attention goes with tiles in workgroup memory.
//
// A workgroup of 64 invocations, eight by eight, holds 32 rows of a head, its own side: queries, or keys for the gradient
// of the keys. It walks over the rows of the other side, 32 at a time. Of a tile of 32\xD732 pairs an invocation makes 4\xD74:
// rows 4\xB7ty \u2026 of its own side, a vec4, and rows tx, tx + 8, \u2026 of the other. A tile takes these steps:
//
//   scores     own\xB7other\u1D40, DEPTH vec4 of the head size at a time, both sides brought into \`stage\`. Own rows are
//              turned there, so that one vec4 holds one value of four rows.
//   weights    of the pairs, or their gradients, in registers
//   sums       weights\xB7other (attention_tile_sums.wgsl): the weights go through \`pairs\`, STEP rows of the other side at
//              a time through \`stage\`. An invocation makes its four rows of the vec4s tx, tx + 8, \u2026 of the head (VCOLS).
//
// Banks: PITCH is odd, so that eight neighbouring rows lie in different banks; all else that eight neighbours read is
// one vec4 or eight in a row. With BLOCK sums go in blocks of so many rows, and no tile goes beyond a block: what of a
// tile lies behind its end counts as 0. The loops' bounds are the same for all invocations, as barriers want it.

// Own side [DEPTH\xB74, 32 / 4], then the other [32, PITCH]; or rows to be summed [STEP, D].
var<workgroup> stage: array<vec4f, \${32 * (DEPTH + PITCH)}>;
var<workgroup> pairs: array<vec4f, 256>;  // weights [other row, own rows / 4]
var<workgroup> ranges: array<vec2u, 32>;  // first and end of what own rows see, or are seen by
var<workgroup> range_of_all: vec2u;
//#if BLOCK
var<workgroup> sequences: array<vec2u, 32>; // first and end of own rows' sequences
var<workgroup> stop_of_all: u32;
//#end BLOCK

// Where a head's 4\xB7D4 values of 32 rows begin: in qkv, or in dO.
struct Tile { gradient: bool, row: u32, at: u32 }

fn load_four(tile: Tile, row: u32, at: u32) -> mat4x4f {
  let last = p.rows - 1u;
  return mat4x4f(
    load(tile.gradient, min(row, last), at), load(tile.gradient, min(row + 1u, last), at),
    load(tile.gradient, min(row + 2u, last), at), load(tile.gradient, min(row + 3u, last), at));
}

// Products of rows 4\xB7ty \u2026 of one tile with rows tx, tx + 8, \u2026 (columns) of another, whose rows from \`end\` on count as 0.
fn scores(own: Tile, other: Tile, end: u32, i: u32) -> mat4x4f {
  let tx = i % 8u;
  let ty = i / 8u;
  var s = mat4x4f();
  for (var d = 0u; d < \${D4}u; d += \${DEPTH}u) {
    workgroupBarrier(); // what stood there has been read
    if (ty < \${DEPTH}u) {
      let at = min(d + ty, \${D4 - 1}u);
      let block = transpose(load_four(own, own.row + 4u * tx, own.at + at));
      //#repeat q 4
      stage[(4u * ty + \${q}u) * 8u + tx] = block[\${q}];
      //#end q
    }
    for (var n = i; n < \${32 * DEPTH}u; n += \${WORKGROUP}u) {
      let row = n / \${DEPTH}u;
      let at = n % \${DEPTH}u;
      var value = vec4f();
      if (other.row + row < end && d + at < \${D4}u) { value = load(other.gradient, other.row + row, other.at + d + at); }
      stage[\${32 * DEPTH}u + row * \${PITCH}u + at] = value;
    }
    workgroupBarrier();
    for (var at = 0u; at < \${DEPTH}u; at++) {
      //#repeat q 4
      let a\${q} = stage[(4u * at + \${q}u) * 8u + ty];
      //#end q
      //#repeat c 4
      let b\${c} = stage[\${32 * DEPTH}u + (tx + \${8 * c}u) * \${PITCH}u + at];
      //#repeat q 4
      s[\${c}] = fma(a\${q}, vec4f(b\${c}[\${q}]), s[\${c}]);
      //#end q
      //#end c
    }
  }
  return s;
}

// What of the other side each of own rows 4\xB7ty \u2026 sees, or is seen by.
struct Ranges { first: vec4u, end: vec4u }

fn own_ranges(ty: u32) -> Ranges {
  return Ranges(
    vec4u(ranges[4u * ty].x, ranges[4u * ty + 1u].x, ranges[4u * ty + 2u].x, ranges[4u * ty + 3u].x),
    vec4u(ranges[4u * ty].y, ranges[4u * ty + 1u].y, ranges[4u * ty + 2u].y, ranges[4u * ty + 3u].y));
}

fn visible(j: u32, seen: Ranges) -> vec4<bool> { return (vec4u(j) >= seen.first) & (vec4u(j) < seen.end); }

// First and end of what any of the 32 own rows from \`own_row\` sees, or is seen by; fills \`ranges\`.
fn tile_range(own_row: u32, i: u32) -> vec2u {
  if (i < 32u) { ranges[i] = range(own_row + i); }
  //#if BLOCK
  if (i < 32u) { sequences[i] = sequence(own_row + i); }
  //#end BLOCK
  workgroupBarrier();
  if (i == 0u) {
    var all = NOTHING;
    for (var r = 0u; r < 32u; r++) { all = vec2u(min(all.x, ranges[r].x), max(all.y, ranges[r].y)); }
    range_of_all = all;
  }
  let all = workgroupUniformLoad(&range_of_all);
  return vec2u(min(all.x, all.y), all.y);
}
//#if BLOCK

// Where the block of rows from \`start\` on ends, of any of the 32 own rows.
fn tile_stop(start: u32, end: u32, i: u32) -> u32 {
  if (i == 0u) {
    var stop = end;
    for (var r = 0u; r < 32u; r++) { stop = min(stop, block_end(start, sequences[r])); }
    stop_of_all = stop;
  }
  return workgroupUniformLoad(&stop_of_all);
}

// Of which of the own rows 4\xB7ty \u2026 a block ends at \`stop\` and another follows.
fn end_blocks(stop: u32, ty: u32) -> vec4<bool> {
  return vec4<bool>(
    ends_block(stop, ranges[4u * ty]), ends_block(stop, ranges[4u * ty + 1u]),
    ends_block(stop, ranges[4u * ty + 2u]), ends_block(stop, ranges[4u * ty + 3u]));
}
//#end BLOCK
`;var ca=`// The vec4 at \`at\` of a row of qkv, or of dO.
fn load(gradient: bool, row: u32, at: u32) -> vec4f {
  if (gradient) { return load_d_o(row * o_stride() + at); }
  return load_qkv(row * qkv_stride() + at);
}
`;var ua=`    // sum\${g} += weights\${g}\xB7rows, of the 32 rows of summands\${g}
    //#if g
    workgroupBarrier(); // the weights before have been read
    //#end g
    //#repeat c 4
    pairs[(tx + \${8 * c}u) * 8u + ty] = weights\${g}[\${c}];
    //#end c
    for (var first = 0u; first < 32u; first += \${STEP}u) {
      workgroupBarrier(); // what stood there has been read
      for (var n = i; n < \${STEP * D4}u; n += \${WORKGROUP}u) {
        let j = other + first + n / \${D4}u;
        var summand = vec4f();
        if (j < end) { summand = load(summands\${g}.gradient, j, summands\${g}.at + n % \${D4}u); }
        stage[n] = summand;
      }
      workgroupBarrier();
      for (var n = 0u; n < \${STEP}u; n++) {
        let weight = pairs[(first + n) * 8u + ty];
        //#if WEIGHT_SUM
        weight_sum += weight;
        //#end WEIGHT_SUM
        //#repeat c VCOLS
        let x\${c} = stage[n * \${D4}u + min(tx + \${8 * c}u, \${D4 - 1}u)];
        //#repeat r 4
        sum\${g}_\${c}_\${r} = fma(vec4f(weight[\${r}]), x\${c}, sum\${g}_\${c}_\${r});
        //#end r
        //#end c
      }
    }
`;var la=`// What an invocation computes with at a time: four values where 4 divides the width (VECTOR), else one.
//#if VECTOR
alias T = vec4f;
//#else
alias T = f32;
//#end VECTOR
`;var da=`// How a matrix product ends.
//
//   z = scale\xB7product + bias[N],  saved = z,  y = activation(z) + residual[M,N] (+ y if p.add)
//
// Each part is there if its constant is set, which is also its binding. With VECTOR (4 divides N), y and the
// ending's tensors are read and written four columns at a time. Needs a uniform \`p\` of blocks/gemm_params.wgsl. Where a
// product is a piece of a larger one (PITCHED), Y and what lies as Y does are bound with all their columns.

//#include elements
//#if VECTOR
alias StoredY = y_t4;
alias Saved = saved_t4;
alias Residual = residual_t4;
//#else
alias StoredY = y_t;
alias Saved = saved_t;
alias Residual = residual_t;
//#end VECTOR

@group(0) @binding(\${Y}) var<storage, read_write> y: array<StoredY>;
//#if BIAS
@group(0) @binding(\${BIAS}) var<storage, read_write> bias: array<T>;
//#end BIAS
//#if SAVE
@group(0) @binding(\${SAVE}) var<storage, read_write> saved: array<Saved>;
//#end SAVE
//#if RESIDUAL
@group(0) @binding(\${RESIDUAL}) var<storage, read_write> residual: array<Residual>;
//#end RESIDUAL
//#if ACTIVATION
//#include activation_chosen
//#end ACTIVATION

// Ends the product of y[at], which stands in this column.
fn end_at(at: u32, column: u32, product: T) {
  var value = product;
  //#if SCALED
  value *= p.scale;
  //#end SCALED
  //#if BIAS
  value += bias[column];
  //#end BIAS
  //#if SAVE
  saved[at] = Saved(value);
  //#end SAVE
  //#if ACTIVATION
  //#if VECTOR
  value = vec4f(activate(value.x), activate(value.y), activate(value.z), activate(value.w));
  //#else
  value = activate(value);
  //#end VECTOR
  //#end ACTIVATION
  //#if RESIDUAL
  value += T(residual[at]);
  //#end RESIDUAL
  if (p.add != 0u) { value += T(y[at]); }
  y[at] = StoredY(value);
}

// Ends four products of one row, from a column that 4 divides; leaves out what lies outside of Y.
fn end(row: u32, column: u32, product: vec4f) { end_sheet(0u, row, column, product); }

// The same where y holds several matrices one after the other.
fn end_sheet(sheet: u32, row: u32, column: u32, product: vec4f) {
  if (row >= p.m) { return; }
  //#if PITCHED
  let first = p.y_first % p.y_pitch + column;
  let at = (sheet * p.m + row) * p.y_pitch + p.y_first + column;
  //#else
  let first = column;
  let at = (sheet * p.m + row) * p.n + column;
  //#end PITCHED
  //#if VECTOR
  if (column < p.n) { end_at(at / 4u, first / 4u, product); }
  //#else
  //#repeat q 4
  if (column + \${q}u < p.n) { end_at(at + \${q}u, first + \${q}u, product[\${q}]); }
  //#end q
  //#end VECTOR
}
`;var fa=`  m: u32, n: u32, k: u32, add: u32,
  //#if PITCHED
  // Of each matrix: elements from a row to the next, and before its first.
  a_pitch: u32, a_first: u32, b_pitch: u32, b_first: u32, y_pitch: u32, y_first: u32,
  //#end PITCHED
  //#if SCALED
  scale: f32,
  //#end SCALED
`;var pa="    // Four columns of a row, four k.\n    y${i}_${j} = fma(vec4f(a${i}.x), b${j}[0], y${i}_${j});\n    y${i}_${j} = fma(vec4f(a${i}.y), b${j}[1], y${i}_${j});\n    y${i}_${j} = fma(vec4f(a${i}.z), b${j}[2], y${i}_${j});\n    y${i}_${j} = fma(vec4f(a${i}.w), b${j}[3], y${i}_${j});\n";var ha=`// The sum of a vec4's four lanes.
fn lane_sum(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }
`;var ma=`//#include stored_elements
// The values of a T, added up from the first to the last.
//#if VECTOR
fn element_sum(v: T) -> f32 { return v.x + v.y + v.z + v.w; }
//#else
fn element_sum(v: T) -> f32 { return v; }
//#end VECTOR

struct Params { rows: u32, width: u32, size: f32, eps: f32, add: u32 } // width in T, size in elements

@group(0) @binding(0) var<storage, read_write> x: array<X>;
@group(0) @binding(1) var<storage, read_write> weight: array<T>;
@group(0) @binding(2) var<storage, read_write> stats: array<f32>; // [rows, 2] mean and rstd
`;var ga=`// How a norm's rows lie in a workgroup: it takes blocks of TILE rows, p.blocks of them one after the other (one, unless
// LOOP). Its LANES invocations share a row: lane l holds the vec4s l, l + LANES, \u2026, HELD of them (RAGGED: the last lanes
// one less).
struct Params { rows: u32, width: u32, blocks: u32, eps: f32 } // width in vec4

@group(0) @binding(0) var<storage, read_write> x: array<x_t4>;
@group(0) @binding(1) var<storage, read_write> weight: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> stats: array<vec2f>; // [rows] mean and rstd

// Whether a vec4 of a row exists.
fn within(column: u32) -> bool {
  //#if RAGGED
  return column < p.width;
  //#else
  return true;
  //#end RAGGED
}
`;var wa=`// Reductions over the invocations that share a row: a workgroup (SHARED), or each on its own.
//#if SHARED
var<workgroup> shared_max: array<f32, \${WORKGROUP}>;
var<workgroup> shared_sum: array<f32, \${WORKGROUP}>;

fn max_of_row(own: f32, lane: u32) -> f32 {
  shared_max[lane] = own;
  workgroupBarrier();
  var most = own;
  for (var i = 0u; i < \${WORKGROUP}u; i++) { most = max(most, shared_max[i]); }
  return most;
}

fn sum_of_row(own: f32, lane: u32) -> f32 {
  shared_sum[lane] = own;
  workgroupBarrier();
  var sum = 0.0;
  for (var i = 0u; i < \${WORKGROUP}u; i++) { sum += shared_sum[i]; }
  return sum;
}
//#else
fn max_of_row(own: f32, lane: u32) -> f32 { return own; }
fn sum_of_row(own: f32, lane: u32) -> f32 { return own; }
//#end SHARED
`;var _a=`// Which rows see which: first and end (excluded). Padding and what lies beyond the last row see nothing and are not
// seen. Where attention is causal, rows see up to themselves.
const NOTHING = vec2u(0xffffffffu, 0u);
const LOW = -1e30; // the score of what is not seen

fn padding(row: u32) -> bool { return row >= p.rows || span[row].y <= span[row].x; }

//#if BLOCK
// Long sums go in blocks of BLOCK rows, counted from the first row of a sequence, so that what a sequence gets does not
// depend on what else is in the batch.
fn sequence(row: u32) -> vec2u {
  if (padding(row)) { return NOTHING; }
  return vec2u(span[row]);
}

// Where the rows from \`start\` on that a sequence adds up in one go end.
fn block_end(start: u32, whole: vec2u) -> u32 {
  if (start >= whole.y) { return 0xffffffffu; }
  if (start < whole.x) { return whole.x; }
  return whole.x + ((start - whole.x) / \${BLOCK}u + 1u) * \${BLOCK}u;
}

// Whether a block of what a row sees, or is seen by, ends at \`stop\` and another follows.
fn ends_block(stop: u32, seen: vec2u) -> bool { return stop > seen.x && stop < seen.y; }
//#end BLOCK

// The rows that \`row\` sees.
fn sees(row: u32) -> vec2u {
  if (padding(row)) { return NOTHING; }
  let own = vec2u(span[row]);
  if (p.causal == 0u) { return own; }
  return vec2u(own.x, row + 1u);
}

// The rows that see \`row\`.
fn seen_by(row: u32) -> vec2u {
  if (padding(row)) { return NOTHING; }
  let own = vec2u(span[row]);
  if (p.causal == 0u) { return own; }
  return vec2u(row, own.y);
}
`;var ya=`// Which invocation, or which workgroup, this is: the host spreads them in a line that is folded into y where x would be
// too long (\`spread\` of src/gpu/kernel/kernel.ts).
fn item_index(id: vec3u, groups: vec3u) -> u32 { return id.x + id.y * groups.x * \${WORKGROUP}u; }
fn group_index(group: vec3u, groups: vec3u) -> u32 { return group.x + group.y * groups.x; }
`;var va=`//#include elements
// A T as x and y hold it, which may be in 16 bits.
//#if VECTOR
alias X = x_t4;
alias Y = y_t4;
//#else
alias X = x_t;
alias Y = y_t;
//#end VECTOR
`;var ba=`// What a workgroup's lanes have of TILE rows: two sums, each a vec4 with a value a row (the second counts if CENTRED).
// They go through workgroup memory, of which two copies take turns, so that a block of rows needs one barrier. With many
// lanes (TREE) sixteen sums at a time are made one first, which takes a second barrier.
struct Sums { first: vec4f, second: vec4f }

var<workgroup> lane_first: array<vec4f, \${2 * LANES}>;
//#if CENTRED
var<workgroup> lane_second: array<vec4f, \${2 * LANES}>;
//#end CENTRED

fn store_sums(at: u32, sums: Sums) {
  lane_first[at] = sums.first;
  //#if CENTRED
  lane_second[at] = sums.second;
  //#end CENTRED
}

// Where the sums to be added up stand, in \`block\`'s turn.
fn sums_at(block: u32) -> u32 {
  //#if TREE
  return \${LANES}u; // those of sixteens
  //#elif LOOP
  return (block & 1u) * \${LANES}u;
  //#else
  return 0u;
  //#end TREE
}
`;var xa=`//#include workgroup_memory
// Mean and mean square about it of TILE rows, a vec4, from what a workgroup's lanes have of them: the sum of their
// values, and of the squares about their own mean, which are joined as in Chan, Golub and LeVeque (1983).
// Not CENTRED: the mean is 0, and the squares are about 0.
struct Moments { mean: vec4f, square: vec4f }

//#if CENTRED
// Values of a row that a lane holds.
fn held(lane: u32) -> f32 { return f32(4u * ((p.width + \${LANES - 1}u - lane) / \${LANES}u)); }
// \u2026 that one of PARTS holds: a lane, or (TREE) sixteen lanes, 0 to 15 being the first.
fn held_by(part: u32) -> f32 {
  //#if TREE
  let before = 16u * part;
  let one_more = min(max(p.width % \${LANES}u, before) - before, 16u);
  return f32(4u * (16u * (p.width / \${LANES}u) + one_more));
  //#else
  return held(part);
  //#end TREE
}

// What \`values\` values' squares about \`mean\` are more than those about their own mean.
fn about(mean: vec4f, sum: vec4f, values: f32) -> vec4f {
  let off = sum / max(values, 1.0) - mean;
  return values * off * off;
}
//#end CENTRED

fn workgroup_moments(own: Sums, block: u32, lane: u32) -> Moments {
  let size = f32(4u * p.width);
  let at = sums_at(block);
  //#if TREE
  store_sums(lane, own);
  workgroupBarrier();
  if (lane < \${PARTS}u) {
    var sixteen = Sums();
    //#if CENTRED
    //#repeat l 16
    sixteen.second += lane_second[16u * lane + \${l}u];
    //#end l
    let middle = sixteen.second / max(held_by(lane), 1.0);
    //#end CENTRED
    //#repeat l 16
    sixteen.first += lane_first[16u * lane + \${l}u];
    //#if CENTRED
    sixteen.first += about(middle, lane_second[16u * lane + \${l}u], held(16u * lane + \${l}u));
    //#end CENTRED
    //#end l
    store_sums(at + lane, sixteen);
  }
  //#else
  store_sums(at + lane, own);
  //#end TREE
  workgroupBarrier();
  var moments = Moments();
  //#if CENTRED
  //#repeat l PARTS
  moments.mean += lane_second[at + \${l}u];
  //#end l
  moments.mean /= size;
  //#end CENTRED
  //#repeat l PARTS
  moments.square += lane_first[at + \${l}u];
  //#if CENTRED
  moments.square += about(moments.mean, lane_second[at + \${l}u], held_by(\${l}u));
  //#end CENTRED
  //#end l
  moments.square /= size;
  return moments;
}
`;var $a=`//#include workgroup_memory
// The sums of all lanes, added up.
fn workgroup_sums(own: Sums, block: u32, lane: u32) -> Sums {
  let at = sums_at(block);
  //#if TREE
  store_sums(lane, own);
  workgroupBarrier();
  if (lane < \${PARTS}u) {
    var sixteen = Sums();
    //#repeat l 16
    sixteen.first += lane_first[16u * lane + \${l}u];
    //#if CENTRED
    sixteen.second += lane_second[16u * lane + \${l}u];
    //#end CENTRED
    //#end l
    store_sums(at + lane, sixteen);
  }
  //#else
  store_sums(at + lane, own);
  //#end TREE
  workgroupBarrier();
  var sums = Sums();
  //#repeat l PARTS
  sums.first += lane_first[at + \${l}u];
  //#if CENTRED
  sums.second += lane_second[at + \${l}u];
  //#end CENTRED
  //#end l
  return sums;
}
`;var ka={across_tile:ea,activation_chosen:ta,activations:ra,attention_gradients:na,attention_operands:oa,attention_pair:sa,attention_score:ia,attention_tile:aa,attention_tile_backward:ca,attention_tile_sums:ua,elements:la,gemm_ending:da,gemm_params:fa,gemm_step:pa,lane_sum:ha,norm_elements:ma,norm_lanes:ga,row_reductions:wa,spans:_a,spread:ya,stored_elements:va,workgroup_memory:ba,workgroup_moments:xa,workgroup_sums:$a};var Ao=`
  p = params;`,Ea=/var<uniform> p: Params;/;function Hr(e){return Ea.test(e)}function Sa(e,t){return e.replace(Ea,"var<storage, read> params: Params; var<private> p: Params;").replace(new RegExp(`fn ${t}\\([^{]*\\{`),n=>n+Ao)}function Oa(e,t,r={}){let n={lines:[],places:[]};return Jr(ah(e,r),t,n),n}function Oe({file:e,line:t},r){throw new Error(`${e}:${t}: ${r}`)}var ih=/^\s*\/\/#(\w+)\s*(.*?)\s*$/;function ah(e,{file:t="template",block:r=()=>{}}){let n=new Set,o=[];return s(e,t,o),o;function s(i,a,u){let c=[],d=()=>c.at(-1)?.body??u,l=(m,g,w)=>{d().push(g),c.push({name:m,node:g,body:w})},f=(m,g,w)=>{let[,_,v]=/^(!?)(\w+)$/.exec(w)??Oe(m,`expected //#${g} NAME or //#${g} !NAME, found //#${g} ${w}`);return{condition:v,negated:_==="!",body:[]}},p=(m,g)=>{d().length===0&&Oe(m,`${g} follows an empty branch: leave it out, or turn the condition with !`)};i.split(`
`).forEach((m,g)=>{let w={file:a,line:g+1},[,_,v=""]=ih.exec(m)??[],O=c.at(-1);if(_===void 0)d().push({kind:"line",text:m,place:w});else if(_==="if"){let A=f(w,_,v);l(A.condition,{kind:"if",branches:[A],place:w},A.body)}else if(_==="elif"||_==="else"){O?.node.kind!=="if"&&Oe(w,`//#${_} without an //#if`),p(w,`//#${_}`),O.node.branches.at(-1).condition===void 0&&Oe(w,`//#${_} after //#else`);let A=_==="elif"?f(w,_,v):{condition:void 0,negated:!1,body:[]};O.node.branches.push(A),O.body=A.body}else if(_==="repeat"){let[,A,N]=/^(\w+)\s+(\w+)$/.exec(v)??Oe(w,`expected //#repeat NAME COUNT, found //#repeat ${v}`),R=[];l(A,{kind:"repeat",name:A,count:N,body:R,place:w},R)}else if(_==="end")O||Oe(w,"//#end without a block"),v!==O.name&&Oe(w,`expected //#end ${O.name} for line ${O.node.place.line}, found //#end ${v}`),p(w,"//#end"),c.pop();else if(_==="include"){if(n.has(v))return;n.add(v);let A=r(v)??Oe(w,`there is no block ${v} to include`);s(A.text.replace(/\n$/,""),A.file,d())}else Oe(w,`unknown directive //#${_}`)});let h=c.at(-1);h&&Oe(h.node.place,`block is not closed by //#end ${h.name}`)}}function Jr(e,t,r){for(let n of e){let{place:o}=n;if(n.kind==="line")r.lines.push(ch(n.text,t,o)),r.places.push(o);else if(n.kind==="repeat"){let s=To(n.count,t,o);s===0&&Jr(n.body,{...t,[n.name]:0},{lines:[],places:[]});for(let i=0;i<s;i++)Jr(n.body,{...t,[n.name]:i},r)}else{let s=!1;for(let{condition:i,negated:a,body:u}of n.branches){let c=i===void 0||To(i,t,o)!==0!==a;Jr(u,t,c&&!s?r:{lines:[],places:[]}),s||=c}}}}function To(e,t,r){let n=/^\d+$/.test(e)?Number(e):t[e];return n===void 0&&Oe(r,`no value for ${e}`),n}function ch(e,t,r){return e.replace(/\$\{([^}]+)\}/g,(n,o)=>String(uh(o,t,r)))}function uh(e,t,r){let n=e.match(/\w+|[-+*/%()]/g)??[],o=0,s=()=>{let c=n[o++]??"";if(c!=="(")return To(c,t,r);let d=a();return o++,d},i=()=>{let c=s();for(;/^[*/%]$/.test(n[o]??"");){let d=n[o++],l=s();c=d==="*"?c*l:d==="/"?Math.floor(c/l):c%l}return c},a=()=>{let c=i();for(;/^[-+]$/.test(n[o]??"");)c+=(n[o++]==="+"?1:-1)*i();return c},u=a();return o!==n.length&&Oe(r,`cannot read \${${e}}`),u}function yt(e,t){return e.slot===t.slot&&e.offset<t.offset+t.bytes&&t.offset<e.offset+e.bytes}var Xe=256;function Aa(e,t){return e.replace(new RegExp(`var<storage, read_write> ${t}: array<\\w+>;`),`var ${t}: ${t}_texture;`)}function Ta(e,t){let r=`vec2u(i & ${Xe-1}u, i >> ${Math.log2(Xe)}u)`,n=t?`textureLoad(${e}, ${r})`:`vec4f(${e}[i])`;return`fn load_${e}(i: u32) -> vec4f { return ${n}; }`}var lh=2;function dh({f16:e}){return e?"rgba16float":"rgba32float"}function vt(e){return Xe*(e==="rgba32float"?16:8)}function Co(e){let t=[],r=e.map(({slices:n,textured:o},s)=>{let i=n.map(()=>{}),a=[];for(let u of o){let c=n[u],d=dh(c),l=t.findIndex(({holds:p})=>p&&fh(p,c));if(l<0){let p=[...t.keys()].filter(m=>t[m].format===d&&t[m].used<s).sort((m,g)=>t[m].used-t[g].used);l=p.find(m=>!t[m].holds)??-1;let h=t.filter(m=>m.format===d).length<lh;l<0&&(h||p.length===0)?l=t.push({format:d,rows:0,holds:void 0,used:s})-1:l<0&&(l=p[0]),a.push({slice:c,texture:l})}let f=t[l];f.rows=Math.max(f.rows,Math.ceil(c.bytes/vt(d))),f.holds=c,f.used=s,i[u]=l}return n.forEach((u,c)=>{if(i[c]===void 0)for(let d of t)d.holds&&yt(d.holds,u)&&(d.holds=void 0)}),{textures:i,copies:a}});return{needs:t.map(({format:n,rows:o})=>({format:n,rows:o})),uses:r}}function fh(e,t){return e.slot===t.slot&&e.offset===t.offset&&e.bytes===t.bytes}function Ca(e,t,r,n,o){let s=vt(o.format),i=(c,d,l)=>e.copyBufferToTexture({buffer:t,offset:r+c*s,bytesPerRow:s},{texture:o,origin:[0,c]},[d,l]),a=Math.ceil(n/s);if(r+a*s<=t.size)return i(0,Xe,a);let u=Math.floor(n/s);u>0&&i(0,Xe,u),i(u,(n-u*s)/(s/Xe),1)}function fr(e,t){return e.label?e.label(t):typeof t!="object"||t===null?String(t):Object.entries(t).flatMap(([r,n])=>Number.isInteger(n)?[`${r} ${n}`]:typeof n=="string"?[n]:n===!0?[r]:[]).join(" ")}var Xr={cpu:8,gpu:64};function ne(e){return new Uint32Array(new Float32Array([e]).buffer)[0]}function Ma(e,t,r=[],n=Xr.gpu,o=!1){let s=(i=[])=>`[${i}]`;return[e.name,JSON.stringify(e.constants(t)),s(e.bindings(t)),s(r),s(e.textures?.(t)),e.workgroup?.(t)??n,o?"stored":"uniform"].join(" ")}function La(e,t,r=[],n=Xr.gpu,o=!1){let{lines:s,places:i}=ph(e,t,n),a=s.join(`
`),u=e.textures?.(t)??[];for(let l of u)a=Aa(a,l);if(o&&Hr(a)){a=Sa(a,e.name);let l=a.slice(0,a.indexOf(Ao)).split(`
`).length;i.splice(l,0,i[l-1])}let c=r.length>0?["enable f16;"]:[];for(let l of e.f16??[]){let f=r.includes(l);c.push(`alias ${l}_t = ${f?"f16":"f32"}; alias ${l}_t4 = ${f?"vec4<f16>":"vec4f"};`)}for(let l of u){let f=r.includes(l)?"rgba16float":"rgba32float";c.push(`alias ${l}_texture = texture_storage_2d<${f}, read>;`)}for(let l of e.bindings(t))a.includes(`load_${l}(`)&&c.push(Ta(l,u.includes(l)));let d=c.map((l,f)=>({file:`${e.name} (what stands in front of it)`,line:f+1}));return{code:[...c,a].join(`
`),places:[...d,...i]}}function ph(e,t,r){let n={WORKGROUP:e.workgroup?.(t)??r,...e.constants(t)},o=s=>{let i=ka[s];return i===void 0?void 0:{text:i,file:`kernels/blocks/${s}.wgsl`}};try{return Oa(e.wgsl,n,{file:`kernels/${e.name}.wgsl`,block:o})}catch(s){throw new Error(`kernel ${e.name} (${fr(e,t)}): ${s instanceof Error?s.message:s}`)}}var Na=65535;function j(e,t){let r=Math.max(1,Math.ceil(e/t));if(r<=Na)return[r,1,1];let n=Math.ceil(r/Na);return[Math.ceil(r/n),n,1]}function Ra(e,t){let r=o=>t[Number(o)-1],n=(o,s,i)=>{let a=r(s);return a?`${a.file}:${a.line}:${i}`:o};return e.replace(/^( *)(\d+)( *│)/gm,(o,s,i,a)=>{let u=r(i);return u?String(u.line).padStart(s.length+i.length)+a:o}).replace(/\bwgsl:(\d+):(\d+)/g,n).replace(/(?<=^|\s):(\d+):(\d+)(?= error| warning)/gm,n)}var No=new Set;function Pa(e){for(let t of No)t.deref()||No.delete(t);No.add(new WeakRef(e))}var hh=["timestamp-query","shader-f16"],mh=/llvmpipe|lavapipe|swiftshader|basic render|software/i;async function Ia(e={}){let t=await navigator.gpu?.requestAdapter({powerPreference:e.powerPreference??"high-performance"});if(!t)throw new Rt("no WebGPU adapter was found: install a Vulkan driver (see `deno task doctor`)");let{limits:r,info:n}=t,o=await t.requestDevice({requiredFeatures:hh.filter(a=>t.features.has(a)),requiredLimits:{maxBufferSize:r.maxBufferSize,maxStorageBufferBindingSize:r.maxStorageBufferBindingSize,maxTextureDimension2D:r.maxTextureDimension2D,maxStorageBuffersPerShaderStage:Math.min(r.maxStorageBuffersPerShaderStage,16)}}),s=`${n.vendor} ${n.architecture} ${n.device} ${n.description}`,i=n.isFallbackAdapter;return new Mo(o,{vendor:n.vendor,architecture:n.architecture,device:n.device,description:n.description,isFallbackAdapter:i===!0||mh.test(s)})}var Mo=class{device;facts;largestBinding;largestBuffer;largestTexture;peakBytes=0;compilesAhead=!1;profiler;#e=0;#t;#r=new Map;#n=new Map;#o=new Set;#s;#i={rgba32float:[],rgba16float:[]};#c=!1;constructor(t,r){this.device=t,Pa(t),this.largestBinding=t.limits.maxStorageBufferBindingSize,this.largestBuffer=Math.floor(t.limits.maxBufferSize/16)*16,this.largestTexture=4*Xe*t.limits.maxTextureDimension2D,this.facts=r,t.addEventListener("uncapturederror",n=>{n.preventDefault(),this.#a(`WebGPU error: ${n.error.message}`)}),t.lost.then(n=>{this.#c||this.#a(`the GPU device was lost (${n.reason}: ${n.message}), and all that was on it. A driver that was reset, full memory or a GPU taken away do that: see to it, and go on with --resume`)})}get liveBytes(){return this.#e}set liveBytes(t){this.#e=t,this.peakBytes=Math.max(this.peakBytes,t)}#a(t){this.#t??=new fe(t)}check(){if(this.#t)throw this.#t}buffer(t,r,n=GPUBufferUsage.STORAGE|GPUBufferUsage.COPY_SRC|GPUBufferUsage.COPY_DST){let o=Math.max(16,Math.ceil(t/16)*16);if(o>this.largestBuffer)throw new fe(`${r}: a buffer of ${o} bytes is over this adapter's limit of ${this.largestBuffer}; use a smaller batch or model`);return this.liveBytes+=o,this.device.createBuffer({size:o,usage:n,label:r})}release(t){this.liveBytes-=t.size,t.destroy()}arena(t){return(!this.#s||this.#s.size<t)&&(this.#s&&this.release(this.#s),this.#s=this.buffer(t,"arena")),this.#s}get workgroup(){return Xr[$e(this)]}textures(t){let r={rgba32float:0,rgba16float:0};return t.map(({format:n,rows:o})=>{let s=this.#i[n],i=r[n]++,a=s[i];return a&&a.height>=o?a:(this.liveBytes+=(o-(a?.height??0))*vt(n),a?.destroy(),s[i]=this.device.createTexture({label:`operand ${i}`,size:[Xe,o],format:n,usage:GPUTextureUsage.COPY_DST|GPUTextureUsage.STORAGE_BINDING}))})}get sharedBytes(){let t=Object.values(this.#i).flat(),r=({height:n,format:o})=>n*vt(o);return t.reduce((n,o)=>n+r(o),this.#s?.size??0)}async settle(){this.device.queue.submit([]),await this.device.queue.onSubmittedWorkDone(),this.check()}async read(t,r,n){this.check();let o=Math.max(4,Math.ceil(n/4)*4),s=this.device.createBuffer({size:o,usage:GPUBufferUsage.MAP_READ|GPUBufferUsage.COPY_DST});try{let i=this.device.createCommandEncoder();return i.copyBufferToBuffer(t,r,s,0,o),this.device.queue.submit([i.finish()]),await this.#u(s),this.check(),s.getMappedRange().slice(0,n)}finally{s.destroy()}}async#u(t){try{await t.mapAsync(GPUMapMode.READ)}catch(r){await Promise.race([this.device.lost,new Promise(o=>setTimeout(o,100))]),this.check();let n=r instanceof Error?r.message:String(r);throw new fe(`the GPU gives nothing back: ${n}. Go on with --resume`,{cause:r})}}pipeline(t,r,n=[]){let o=t.textures?.(r)??[],s=t.bindings(r).map(v=>o.includes(v)?n.includes(v)?"rgba16float":"rgba32float":"buffer"),i=s.filter(v=>v==="buffer").length,a=$e(this)==="cpu"&&Hr(t.wgsl)&&i<this.device.limits.maxStorageBuffersPerShaderStage,u=Ma(t,r,n,this.workgroup,a),c=this.#r.get(u);if(c)return c;let d=this.#d(s,a),{code:l,places:f}=La(t,r,n,this.workgroup,a),p=v=>this.#a(`kernel ${t.name} (${fr(t,r)}): ${Ra(v,f)}`),h=v=>{this.device.pushErrorScope("validation");let O=v();return this.device.popErrorScope().then(A=>{A&&p(A.message)},()=>{}),O},m=h(()=>({label:t.name,layout:this.device.createPipelineLayout({bindGroupLayouts:[d]}),compute:{module:this.device.createShaderModule({code:l,label:t.name}),entryPoint:t.name}})),g,w=()=>g??=h(()=>this.device.createComputePipeline(m));if(this.compilesAhead){let v=this.device.createComputePipelineAsync(m).then(O=>void(g??=O),O=>p(O.message)).finally(()=>this.#o.delete(v));this.#o.add(v)}else w();let _={get pipeline(){return w()},layout:d};return this.#r.set(u,_),_}async compiled(){await Promise.all(this.#o),this.check()}#d(t,r){let n=[...t,r].join(" "),o=this.#n.get(n);if(!o){let s=GPUShaderStage.COMPUTE;o=this.device.createBindGroupLayout({entries:[...t.map((i,a)=>i==="buffer"?{binding:a,visibility:s,buffer:{type:"storage"}}:{binding:a,visibility:s,storageTexture:{access:"read-only",format:i}}),{binding:t.length,visibility:s,buffer:{type:r?"read-only-storage":"uniform"}}]}),this.#n.set(n,o)}return o}destroy(){this.#c=!0,this.liveBytes-=this.sharedBytes,this.#s=void 0;for(let t of Object.values(this.#i))t.length=0;this.device.destroy()}};function ja(e,{defaults:t,ignored:r}){let{temperature:n=t.temperature,topK:o=t.topK,topP:s=t.topP}=e,i=r.map(a=>`generation_config.json: ${a} is not heeded here`);return n===0&&(e.topK!==void 0||e.topP!==void 0)&&i.push("--top-k and --top-p change nothing at a temperature of 0; give --temperature as well"),{options:{temperature:n,topK:o,topP:s,seed:e.seed,repetitionPenalty:e.repetitionPenalty??t.repetitionPenalty,maxNewTokens:e.maxTokens??t.maxNewTokens??64},warnings:i}}function Pe(e){return`${e.file}, sample ${JSON.stringify(e.id)} (task ${e.task})`}function Yr(e,t){return new $(`${Pe(e)}, turn ${t+1}: expected an answer to learn, found ${JSON.stringify(e.turns[t].answer)}; fill it in or remove the turn`)}function Zr(e,t){if(!(Number.isInteger(t)&&t>=0&&t<e.turns.length))throw new RangeError(`${Pe(e)}: expected a turn from 0 to ${e.turns.length-1}, found ${t}`)}function qt(e,t,r,n){return new $(`${Pe(e)}: expected at most ${n} tokens, found ${t}`+(r>0?` (${r} of them for its images)`:"")+"; shorten it, split its turns over several samples, or raise --max-tokens (up to the model's own limit)")}function Ut(e){let{images:t,turns:r}=e;if(r.every(({places:s})=>s===void 0))return r.map((s,i)=>i===0?t.map(()=>0):[]);let n=r.map(({places:s=[]})=>s),o=n.flat().length;if(o!==t.length)throw new $(`${Pe(e)}: expected as many places as images, found ${o} and ${t.length}`);return n.forEach((s,i)=>{let{length:a}=r[i].question;if(!s.every((u,c)=>Number.isInteger(u)&&u>=(s[c-1]??0)&&u<=a))throw new $(`${Pe(e)}, turn ${i+1}: expected ascending places from 0 to ${a}, found ${s.join(", ")}`)}),n}function Qr(e,t){return[...t,e.length].map((r,n)=>e.slice(t[n-1]??0,r))}function Fe(e,t){return t.reduce((r,n)=>r+e.imageTokens(n),0)}function Ba(e,t=33554432){return Math.max(1,Math.floor(t/(3*e**2*4)))}async function*za(e,t,r){let n=[],o=[],s=[],i=async a=>{o.push(...await e(n.slice(0,a))),n=n.slice(a);let u=[],c=0;for(;s.length>u.length&&c+s[u.length]<=o.length;){let d=s[u.length];u.push(o.slice(c,c+d)),c+=d}return s=s.slice(u.length),o=o.slice(c),u};for await(let a of t)for(n.push(...a),s.push(a.length);n.length>=r;){let u=await i(r);u.length>0&&(yield u)}n.length>0&&(yield await i(n.length))}function Da(e,t,r,n){let{format:o}=e,s=o.promptOf(r,r.turns.length-1,n,{maxTokens:1/0}),i=t.maxPositions-1,a=s.ids.length;if(a<=i)return s;let u=Fe(o,n);throw new $(`expected a conversation of at most ${i} tokens, which is all that the model reads, found ${a}${u>0?` (${u} of them for images)`:""}; ask less at once, or begin anew`)}var en=class{#e;#t=[];#r="";constructor(t){this.#e=t}push(t){return this.#t.push(t),this.#o(this.#n().replace(/[\s\uFFFD]+$/,""))}end(){let t=this.#n();return t.startsWith(this.#r)?this.#o(t):`
${t}`}#n(){return this.#e.decode(this.#t).trim()}#o(t){if(!t.startsWith(this.#r))return"";let r=t.slice(this.#r.length);return this.#r=t,r}};var tn=class{#e;#t;#r;#n;#o=new Map;#s;#i=[];#c=0;#a=0;constructor(t,r,n,o){this.#e=t,this.#t=n,this.#r=r,this.#s=[...o],this.#n=r.session()}get images(){return this.#s}async add(t){await this.#t.tiles(t),this.#s.push(t)}async ask(t,r){let n=performance.now(),o=()=>(performance.now()-n)/1e3,{onText:s,seed:i=0,...a}=r,{tokenizer:u,stops:c}=this.#e,d=this.#s.slice(this.#c).map(()=>0),l={question:t,places:d,answer:""},f={id:"1",task:"question",images:this.#s,turns:[...this.#i,l],file:"command line"},p=await Promise.all(this.#s.map(T=>this.#t.grid(T))),{ids:h,images:m}=Da(this.#e,this.#r,f,p),g=await this.#u(m),w={ids:h,images:g},_=new en(u),v,{ids:O,stop:A,reused:N}=await this.#n.answer(w,{...a,seed:this.#a===0?i:`${i}, question ${this.#a+1}`,maxNewTokens:Math.min(r.maxNewTokens,this.#r.maxPositions-h.length),stops:c,onToken:T=>{v??=o();let P=_.push(T);P!==""&&s?.(P)}}),R=_.end();R!==""&&s?.(R),this.#a++;let B=u.decode(O).trim();B!==""&&(this.#i.push({...l,answer:B}),this.#c=this.#s.length);let K=o();return{answer:B,ended:A===void 0?"length":"stop",stop:A,tokens:O.length,promptTokens:h.length,imageTokens:Fe(this.#e.format,p),reusedTokens:N,seconds:{first:v??K,all:K}}}async#u(t){let r=[...new Set(t)].filter(u=>!this.#o.has(u)),n=this.#t,o=this.#r,s=async function*(){for(let u of r)yield await n.tiles(u)},i=u=>o.encodeImages(u),a=0;for await(let u of za(i,s(),Ba(o.imageSize)))for(let c of u)this.#o.set(r[a++],c);return t.flatMap(u=>this.#o.get(u))}end(){this.#n.destroy()}close(){this.end(),this.#r.destroy()}};var gh=new Set(`_attn_implementation _attn_implementation_autoset _attn_implementation_internal _commit_hash _flash_attn_2_enabled
  _name_or_path add_cross_attention architectures attention_dropout auto_map bad_words_ids begin_suppress_tokens
  bos_token_id chunk_size_feed_forward cross_attention_hidden_size decoder_start_token_id diversity_penalty do_sample
  dropout dtype early_stopping encoder_no_repeat_ngram_size eos_token_id exponential_decay_length_penalty
  finetuning_task forced_bos_token_id forced_eos_token_id id2label initializer_factor initializer_range
  is_composition is_decoder is_encoder_decoder label2id length_penalty max_length min_length model_type
  neftune_noise_alpha no_repeat_ngram_size num_beam_groups num_beams num_return_sequences output_attentions
  output_hidden_states output_scores pad_token_id prefix pretraining_tp problem_type projection_dim pruned_heads
  remove_invalid_values repetition_penalty return_dict return_dict_in_generate sep_token_id suppress_tokens
  task_specific_params temperature tf_legacy_loss tie_encoder_decoder tie_word_embeddings tokenizer_class top_k top_p
  torch_dtype torchscript transformers_version typical_p unsloth_fixed unsloth_version use_bfloat16 use_cache`.split(/\s+/)),ye=class{json;#e;#t=new Set;constructor(t,r,n="config.json"){if(this.#e=r===""?n:`${n}: ${r}`,typeof t!="object"||t===null||Array.isArray(t)){let o=t===void 0?"nothing":JSON.stringify(t).slice(0,200);throw new $(`${this.#e}: expected an object, found ${o}`)}this.json=t}error(t){return new $(`${this.#e}: ${t}`)}get(t){return this.#t.add(t),Object.hasOwn(this.json,t)?this.json[t]??void 0:void 0}number(t,r){let n=this.get(t)??r;if(typeof n!="number"||!Number.isFinite(n))throw this.error(`${t} must be a number, found ${JSON.stringify(n)}`);return n}whole(t,r,n=1,o=2**31-1){let s=this.number(t,r);if(Number.isInteger(s)&&s>=n&&s<=o)return s;let i=o<2**31-1?`from ${n} to ${o}`:`of at least ${n}`;throw this.error(`${t} must be a whole number ${i}, found ${s}`)}layers(t){return this.whole("num_hidden_layers",t,1,1e3)}flag(t,r){let n=this.get(t)??r;if(typeof n=="boolean")return n;throw this.error(`${t} must be true or false, found ${JSON.stringify(n)}`)}word(t,r,n){let o=this.get(t)??n;if(r.includes(o))return o;throw this.error(`${t} must be ${r.join(" or ")}, found ${JSON.stringify(o)}`)}choice(t,r,n){return r[this.word(t,Object.keys(r),n)]}only(t,r){let n=this.get(t)??r;if(n!==r)throw this.error(`${t} must be ${JSON.stringify(r)}, found ${JSON.stringify(n)}`)}done(t=[]){for(let[r,n]of Object.entries(this.json))if(!(this.#t.has(r)||gh.has(r)||t.includes(r))&&!(n===null||n===!1)&&!(typeof n=="object"&&Object.keys(n).length===0))throw this.error(`the field ${JSON.stringify(r)} is not known (${JSON.stringify(n).slice(0,100)}). If it does not change what the model computes, take it out; otherwise this model needs code that is not here`)}};var pe={f32:4,f16:2,i32:4},oe=class e{shape;dtype;slot;offset;requiresGrad=!1;gradient;origin;constructor(t,r,n,o=0,s){this.shape=t,this.dtype=r,this.slot=n,this.offset=o,this.origin=s??this}static of(t,r,n,o="f32"){let s=he(r);if(n&&n.length!==s)throw new Error(`expected ${s} values for shape [${r}], found ${n.length}`);let i=s*pe[o],a=t.buffer(i,`tensor [${r}]`),u=new e(r,o,{label:a.label,bytes:i,buffer:a,offset:0});return n&&u.write(t,o==="i32"?Int32Array.from(n):Float32Array.from(n)),u}get size(){return he(this.shape)}get bytes(){return this.size*pe[this.dtype]}get slice(){return{slot:this.slot,offset:this.offset,bytes:this.bytes,f16:this.dtype==="f16"}}view(t){if(he(t)!==this.size)throw new Error(`cannot view [${this.shape}] as [${t}]`);let r=new e(t,this.dtype,this.slot,this.offset,this.origin);return r.requiresGrad=this.requiresGrad,r.gradient=this.gradient?.view(t),r}rows(t,r){let n=this.size/(this.shape[0]??1),o=this.offset+t*n*pe[this.dtype];if(o%256!==0)throw new Error(`rows: offset ${o} bytes is not a multiple of 256`);return new e([r,...this.shape.slice(1)],this.dtype,this.slot,o)}write(t,r){if(r.length===0)return;let n=this.slot.offset+this.offset;if(this.dtype!=="f16"){t.device.queue.writeBuffer(this.#e(),n,r);return}if(r.length!==this.size||this.size%2===1&&this.bytes<this.slot.bytes)throw new Error(`f16 tensor [${this.shape}]: expected ${this.size} values for the whole of it, found ${r.length} for ${this.bytes} of ${this.slot.bytes} bytes`);let o=new Float16Array(2*Math.ceil(r.length/2));o.set(r),t.device.queue.writeBuffer(this.#e(),n,o)}async read(t){let r=await t.read(this.#e(),this.slot.offset+this.offset,this.bytes);return this.dtype==="f32"?new Float32Array(r):Float32Array.from(this.dtype==="f16"?new Float16Array(r):new Int32Array(r))}destroy(t){t.release(this.#e())}#e(){if(!this.slot.buffer)throw new Error(`tensor "${this.slot.label}" is intermediate: name it as an output of its program to read it`);return this.slot.buffer}};function he(e){return e.reduce((t,r)=>t*r,1)}function q(e,t,r,n){if(r.length!==n.length||n.some((o,s)=>o!==-1&&o!==r[s])){let o=n.map(s=>s===-1?"*":s);throw new Error(`${e}: ${t} must have shape [${o}], found [${r}]`)}}var qa=`// Rotary position embedding, Llama's half-split form: in each of the first \`rotated\` heads of a row, the pair
// (i, i + D/2) turns by the angle position\xB7theta^(\u22122i/D), looked up in a table.
// The other heads are copied. Backward turns the other way (sign \u22121). An invocation a pair of T: four pairs where
// D/2 is a multiple of 4. The table holds the cosines of a position, then its sines: [positions, 2, D/2].

//#include spread
//#include stored_elements

struct Params { rows: u32, heads: u32, rotated: u32, half: u32, sign: f32 } // half in T

@group(0) @binding(0) var<storage, read_write> x: array<X>;            // [rows, heads\xB7D]
@group(0) @binding(1) var<storage, read_write> y: array<Y>;            // [rows, heads\xB7D]
@group(0) @binding(2) var<storage, read_write> positions: array<i32>;  // [rows]
@group(0) @binding(3) var<storage, read_write> table: array<T>;
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn rope(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pair = item_index(id, groups);
  let head_row = pair / p.half;
  let row = head_row / p.heads;
  if (row >= p.rows) { return; }
  let i = pair % p.half;
  let at = head_row * 2u * p.half + i;
  let a = T(x[at]);
  let b = T(x[at + p.half]);
  if (head_row % p.heads >= p.rotated) {
    y[at] = Y(a);
    y[at + p.half] = Y(b);
    return;
  }
  let entry = 2u * u32(positions[row]) * p.half + i;
  let c = table[entry];
  let s = p.sign * table[entry + p.half];
  y[at] = Y(a * c - b * s);
  y[at + p.half] = Y(b * c + a * s);
}
`;var _h={name:"rope",wgsl:qa,constants:({half:e})=>({VECTOR:+(e%4===0)}),bindings:()=>["x","y","positions","table"],f16:["x","y"],params:({rows:e,heads:t,rotated:r,half:n,sign:o})=>[e,t,r,n/Ua(n),ne(o)],workgroup:()=>64,groups:({rows:e,heads:t,half:r},n)=>j(e*t*r/Ua(r),n)};function Ua(e){return e%4===0?4:1}function Wa(e,t,r,n,o,s){let[i=0,a=0]=t.shape,u=a/o/2;if(!Number.isInteger(u))throw new Error(`rope: ${o} heads of even size do not fill rows of ${a}`);if(s>o)throw new Error(`rope: ${s} of ${o} heads cannot turn`);q("rope","positions",r.shape,[i]),q("rope","table",n.shape,[-1,2,u]);let c=e.result(t.shape,"rope"),d=(l,f,p)=>e.dispatch(_h,{rows:i,heads:o,rotated:s,half:u,sign:p},[l,f,r,n]);return d(t,c,1),e.needsGrad(t)&&e.differentiable(c,l=>e.assign(t,f=>d(l,f,-1))),c}var Fa=["default","linear","llama3"];function yh(e,t){if(t.type==="default")return e;let{factor:r}=t;if(t.type==="linear")return e/r;let{low:n,high:o,original:s}=t,i=(s*e/(2*Math.PI)-n)/(o-n),a=Math.min(1,Math.max(0,i));return(1-a)*e/r+a*e}function Ka(e,t,r,n={type:"default"}){let o=t/2,s=Array.from({length:o},(a,u)=>yh(r**(-2*u/t),n)),i=new Float32Array(e*o*2);for(let a=0;a<e;a++)for(let u=0;u<o;u++){let c=a*s[u];i[2*a*o+u]=Math.cos(c),i[(2*a+1)*o+u]=Math.sin(c)}return i}function Va(e,t){let r=e.get("rope_theta"),n=e.get("rope_parameters"),o=e.get("rope_scaling"),s=n===void 0?"rope_scaling":"rope_parameters",i=new ye(n??o??{},`text_config: ${s}`),a=i.get("type"),u=i.word("rope_type",Fa,a??"default");i.only("partial_rotary_factor",1);let c=i.number("rope_theta",typeof r=="number"?r:1e4);if(!(c>0))throw i.error(`rope_theta must be above 0, found ${c}`);let l=(()=>{if(u==="default")return{type:u};let f=i.number("factor",0);if(!(f>=1))throw i.error(`factor must be a number of at least 1, found ${JSON.stringify(i.get("factor"))}`);if(u==="linear")return{type:u,factor:f};let p=i.number("low_freq_factor",1),h=i.number("high_freq_factor",4);if(!(p>0&&h>p))throw i.error(`expected 0 < low_freq_factor < high_freq_factor, found ${p} and ${h}`);return{type:u,factor:f,low:p,high:h,original:i.whole("original_max_position_embeddings",t)}})();return i.done(["original_max_position_embeddings","max_position_embeddings"]),{theta:c,scaling:l}}var Ga={llama:{vocab:32e3,mlp:11008,keyValueHeads:void 0,positions:2048,bias:"asked"},mistral:{vocab:32e3,mlp:14336,keyValueHeads:8,positions:131072,bias:"none"},qwen2:{vocab:151936,mlp:22016,keyValueHeads:32,positions:32768,bias:"qkv"}},vh=["max_window_layers","layer_types","is_llama_config","perceiver_config","pixel_shuffle_factor","qk_layer_norms","use_resampler"];function rn(e,t){let r=e.word("model_type",Object.keys(Ga),"llama"),n=Ga[r];e.word("hidden_act",["silu","swish"],"silu");let o=e.whole("num_attention_heads",32),s=e.whole("hidden_size",4096),i=bh(e,r),a=e.whole("max_position_embeddings",n.positions),u=Va(e,a),c=e.get("pad_token_id")===void 0?void 0:e.number("pad_token_id",-1),d=e.whole("vocab_size",n.vocab),l={vocab_size:d,hidden_size:s,intermediate_size:e.whole("intermediate_size",n.mlp),num_hidden_layers:e.layers(32),num_attention_heads:o,num_key_value_heads:e.whole("num_key_value_heads",n.keyValueHeads??o),head_dim:e.whole("head_dim",s/o),max_position_embeddings:Math.min(a,i),rms_norm_eps:e.number("rms_norm_eps",t.eps),rope_theta:u.theta,rope_scaling:u.scaling,tie_word_embeddings:t.tiedBySection&&e.flag("tie_word_embeddings",!1)||t.tied,attention_bias:n.bias==="asked"?e.flag("attention_bias",!1)?"all":"none":n.bias,mlp_bias:n.bias==="asked"&&e.flag("mlp_bias",!1),padding:c!==void 0&&c<0?d+c:c};if(e.done(vh),l.head_dim%2!==0)throw e.error(`head_dim must be even, since RoPE turns pairs, found ${l.head_dim}`);if(o%l.num_key_value_heads!==0)throw e.error(`${l.num_key_value_heads} key-value heads do not divide ${o} heads`);return l}function bh(e,t){let r=e.get("sliding_window")===void 0?1/0:e.whole("sliding_window",4096);return t==="mistral"?"sliding_window"in e.json?r:4096:e.flag("use_sliding_window",!1)?r:1/0}var xh=256,$h=2048;function nn(e,t){return e>$h?xh/t:0}function Lo(e){return{GELU:+(e==="gelu"),GELU_TANH:+(e==="gelu_tanh"),QUICK_GELU:+(e==="quick_gelu"),SILU:+(e==="silu")}}var bt=["y","saved","residual"];function st({bias:e,save:t,residual:r}){let n=["y"];return e&&n.push("bias"),t&&n.push("saved"),r&&n.push("residual"),n}function xt(e,t){let r=st(e),n=s=>Math.max(0,r.indexOf(s))&&t+r.indexOf(s),{activation:o}=e;return{Y:t,BIAS:n("bias"),SAVE:n("saved"),RESIDUAL:n("residual"),PARAMS:t+r.length,PITCHED:+(e.pitches!==void 0),SCALED:+(e.scale!==void 0),ACTIVATION:+(o!==void 0),...Lo(o)}}function $t({m:e,n:t,k:r,add:n,pitches:o,scale:s}){let i=o?[o.a,o.b,o.y]:[];return[e,t,r,Number(n),...i.flatMap(({row:a,first:u})=>[a,u]),...s===void 0?[]:[ne(s)]]}function it({pitches:e},...t){return!e||t.every(r=>e[r].row%4===0&&e[r].first%4===0)}function kt(e){let{layout:t,m:r,n,k:o,bias:s,save:i,residual:a,activation:u,add:c,pitches:d,scale:l}=e;return[...[t,`M${r} N${n} K${o}`,u??"",l!==void 0&&"scaled"],s&&"bias",i&&"save",a&&"residual",c&&"add",d&&"piece"].filter(Boolean).join(" ")}var Ha=`// Matrix product Y[M,N] = A[M,K]\xB7B[N,K]\u1D40 with its endings where M is at most four and B large, as when tokens are
// generated one by one: the time goes into reading B, which is read once, each load of 16 bytes beside its neighbour's.
//
// A workgroup takes COLS columns of Y, that is rows of B; its LANES invocations walk along K side by side, and what they
// have added up goes through workgroup memory. With HALF, B is in 16 bits, eight values a load.

struct Params {
//#include gemm_params
}

@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
//#if HALF
@group(0) @binding(1) var<storage, read_write> b: array<vec4u>;
//#else
@group(0) @binding(1) var<storage, read_write> b: array<vec4f>;
//#end HALF
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending
//#include lane_sum

var<workgroup> sums: array<vec4f, \${ROWS * VCOLS * LANES}>; // [row, column / 4, lane]

@compute @workgroup_size(\${WORKGROUP})
fn gemv(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let column = \${COLS}u * group_index(group, groups); // past the last one nothing is stored: all stay until the barrier
  let k4 = p.k / 4u;
  // Where rows of A and B begin, in vec4s and in loads.
  //#if PITCHED
  let a_pitch = p.a_pitch / 4u;
  let a_first = p.a_first / 4u;
  let b_pitch = p.b_pitch / \${EACH}u;
  let b_first = p.b_first / \${EACH}u;
  //#else
  let a_pitch = k4;
  let a_first = 0u;
  let b_pitch = p.k / \${EACH}u;
  let b_first = 0u;
  //#end PITCHED
  //#repeat c COLS
  let row\${c} = b_first + min(column + \${c}u, p.n - 1u) * b_pitch;
  //#repeat r ROWS
  var y\${r}_\${c} = vec4f();
  //#end r
  //#end c
  for (var k = lane; k < p.k / \${EACH}u; k += \${LANES}u) {
    //#repeat r ROWS
    let at\${r} = a_first + \${r}u * a_pitch + \${EACH / 4}u * k;
    let a\${r} = load_a(at\${r});
    //#if HALF
    let more\${r} = load_a(at\${r} + 1u);
    //#end HALF
    //#end r
    //#repeat c COLS
    let b\${c} = b[row\${c} + k];
    //#if HALF
    let low\${c} = vec4f(unpack2x16float(b\${c}.x), unpack2x16float(b\${c}.y));
    let high\${c} = vec4f(unpack2x16float(b\${c}.z), unpack2x16float(b\${c}.w));
    //#repeat r ROWS
    y\${r}_\${c} = fma(more\${r}, high\${c}, fma(a\${r}, low\${c}, y\${r}_\${c}));
    //#end r
    //#else
    //#repeat r ROWS
    y\${r}_\${c} = fma(a\${r}, b\${c}, y\${r}_\${c});
    //#end r
    //#end HALF
    //#end c
  }
  //#repeat r ROWS
  //#repeat v VCOLS
  sums[\${(r * VCOLS + v) * LANES}u + lane] = vec4f(
    lane_sum(y\${r}_\${4 * v}), lane_sum(y\${r}_\${4 * v + 1}), lane_sum(y\${r}_\${4 * v + 2}), lane_sum(y\${r}_\${4 * v + 3}));
  //#end v
  //#end r
  workgroupBarrier();
  // An invocation adds up and ends four columns of a row.
  if (lane >= \${ROWS * VCOLS}u) { return; }
  var sum = vec4f();
  //#repeat l LANES
  sum += sums[lane * \${LANES}u + \${l}u];
  //#end l
  end(lane / \${VCOLS}u, column + 4u * (lane % \${VCOLS}u), sum);
}
`;var Eh=4,Sh=1<<18,Oh=65536,Ah={cpu:{lanes:8,columns:8},gpu:{lanes:32,columns:4}},Th={name:"gemv",wgsl:Ha,constants:e=>({...xt(e,2),VECTOR:Number(e.n%4===0&&it(e,"y")),HALF:Number(e.half),EACH:e.half?8:4,ROWS:e.m,COLS:e.columns,VCOLS:e.columns/4,LANES:e.lanes}),bindings:e=>["a","b",...st(e)],f16:["a","b",...bt],params:$t,workgroup:({lanes:e})=>e,groups:({n:e,columns:t})=>j(Math.ceil(e/t),1),label:e=>`${kt(e)}${e.half?" half":""}`,operations:({m:e,n:t,k:r})=>2*e*t*r};function Ja({layout:e,m:t,n:r,k:n}){return e==="NT"&&t<=Eh&&n%8===0&&n<=Oh&&r*n>=Sh}function Ch(e,t,r){return{...e,...Ah[r],half:t}}function Xa(e,t,r){e.dispatch(Th,Ch(t,r[1].dtype==="f16",$e(e.gpu)),r)}function on(e,t){let r=Math.floor(e.largestBinding/4/65536)*65536;if(r===0)throw new Error(`bindings of ${e.largestBinding} bytes are too small; ${4*65536} are needed`);let n=[];for(let o=0;o<t;o+=r)n.push({first:o,count:Math.min(r,t-o)});return n}var Ro=256;function sn(e){let t=1;for(;t*e%Ro!==0;)t*=2;return t}function pr(e,t,r){if(t*r<=e.largestBinding)return[{first:0,count:t}];let n=sn(r),o=Math.max(n,Math.floor(e.largestBinding/r/n)*n);return Array.from({length:Math.ceil(t/o)},(s,i)=>({first:i*o,count:Math.min(o,t-i*o)}))}var an={NT:{a:["m","k"],b:["n","k"]},NN:{a:["m","k"],b:["k","n"]},TN:{a:["k","m"],b:["k","n"]}},Ya=["m","n"];function Za(e,t,r){return e?{width:t.shape.at(-1),first:e.first}:{width:r,first:0}}function Qa({layout:e,m:t,n:r,k:n},{a:o,b:s,y:i,others:a,columns:u={}},c,d,l=1){let f={m:t,n:r,k:n},p={m:t,n:r,k:Math.min(n,d)},h={m:4,n:4,k:4},m=(w,[_,v],O,A=0)=>{if(!w.every(({bytes:N})=>N<=c))for(let N of w){let R=Za(O,N,f[v]).width*pe[N.dtype];h[_]=Math.max(h[_],sn(R)),N.bytes>c&&(p[_]=Math.min(p[_],Math.floor(c/Math.max(R,A))))}};m([o],an[e].a,u.a),m([s],an[e].b,u.b),m([i,...a],Ya,u.y,4*r),l>1&&4*l*t*r>c&&(p.m=Math.min(p.m,Math.floor(c/(4*l*r))));let g=w=>{if(p[w]>=f[w])return[{first:0,count:f[w]}];let _=Math.max(h[w],Math.floor(p[w]/h[w])*h[w]);return Array.from({length:Math.ceil(f[w]/_)},(v,O)=>({first:O*_,count:Math.min(_,f[w]-O*_)}))};return g("m").flatMap(w=>g("n").flatMap(_=>g("k").map(v=>({m:w,n:_,k:v}))))}function ec({layout:e,m:t,n:r,k:n},{a:o,b:s,y:i,others:a,columns:u={}},c){let d={m:t,n:r,k:n},l=(_,[v,O],A)=>{let{width:N,first:R}=Za(A,_[0],d[O]),{first:B,count:K}=c[v],T=_.every(({dtype:W})=>B*N*pe[W]%Ro===0);return{tensors:T&&K<d[v]?_.map(W=>W.view([d[v],N]).rows(B,K)):_,pitch:{row:N,first:R+c[O].first+(T?0:B*N)},own:T&&c[O].count===N}},f=l([o],an[e].a,u.a),p=l([s],an[e].b,u.b),h=l([i,...a],Ya,u.y),[m,...g]=h.tensors,w=f.own&&p.own&&h.own;return{a:f.tensors[0],b:p.tensors[0],y:m,others:g,pitches:w?void 0:{a:f.pitch,b:p.pitch,y:h.pitch}}}var tc=`// Matrix product Y = op(A)\xB7op(B) with its endings, of any size, in registers. Layouts as in gemm.wgsl.
//
// As there an invocation holds a tile of ROWS\xD7COLS outputs (COLS = 4\xB7VCOLS) and walks K four at a time, but loads and
// stores go element by element within bounds. Blocks of a long K and the limit of its trips are as there.

struct Params {
//#include gemm_params
}

@group(0) @binding(0) var<storage, read_write> a: array<a_t>;
@group(0) @binding(1) var<storage, read_write> b: array<b_t>;
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending

// Where elements of A and B lie.
//#if PITCHED
fn a_at(row: u32, column: u32) -> u32 { return row * p.a_pitch + p.a_first + column; }
fn b_at(row: u32, column: u32) -> u32 { return row * p.b_pitch + p.b_first + column; }
//#else
//#if TN
fn a_at(row: u32, column: u32) -> u32 { return row * p.m + column; }
//#else
fn a_at(row: u32, column: u32) -> u32 { return row * p.k + column; }
//#end TN
//#if NT
fn b_at(row: u32, column: u32) -> u32 { return row * p.k + column; }
//#else
fn b_at(row: u32, column: u32) -> u32 { return row * p.n + column; }
//#end NT
//#end PITCHED

// op(A)[row, k] and op(B)[k, column]; 0 outside. One way out of each: these are inlined many times, and SwiftShader
// compiles for minutes where that brings as many early returns.
fn at_a(row: u32, k: u32) -> f32 {
  var x = 0.0;
  if ((row < p.m) & (k < p.k)) {
    //#if TN
    x = f32(a[a_at(k, row)]);
    //#else
    x = f32(a[a_at(row, k)]);
    //#end TN
  }
  return x;
}
fn at_b(k: u32, column: u32) -> f32 {
  var x = 0.0;
  if ((column < p.n) & (k < p.k)) {
    //#if NT
    x = f32(b[b_at(column, k)]);
    //#else
    x = f32(b[b_at(k, column)]);
    //#end NT
  }
  return x;
}

@compute @workgroup_size(\${WORKGROUP})
fn gemm_any(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let tile = item_index(id, groups);
  let across = (p.n + \${COLS}u - 1u) / \${COLS}u;
  let row = (tile / across) * \${ROWS}u;
  let column = (tile % across) * \${COLS}u;
  if (row >= p.m) { return; }

  //#repeat i ROWS
  //#repeat j VCOLS
  var y\${i}_\${j} = vec4f();
  //#end j
  //#end i
  let steps = (p.k + 3u) / 4u;
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  var sum\${i}_\${j} = vec4f();
  //#end j
  //#end i
  for (var first = 0u; first < steps; first += \${BLOCK}u) {
  for (var k = first; k < min(first + \${BLOCK}u, steps); k++) {
  //#else
  for (var k = 0u; k < steps; k++) {
  //#end BLOCK
    //#repeat i ROWS
    let a\${i} = vec4f(
      at_a(row + \${i}u, 4u * k), at_a(row + \${i}u, 4u * k + 1u),
      at_a(row + \${i}u, 4u * k + 2u), at_a(row + \${i}u, 4u * k + 3u));
    //#end i
    //#repeat j VCOLS
    //#repeat q 4
    let b\${j}_\${q} = vec4f(
      at_b(4u * k + \${q}u, column + \${4 * j}u), at_b(4u * k + \${q}u, column + \${4 * j + 1}u),
      at_b(4u * k + \${q}u, column + \${4 * j + 2}u), at_b(4u * k + \${q}u, column + \${4 * j + 3}u));
    //#end q
    let b\${j} = mat4x4f(b\${j}_0, b\${j}_1, b\${j}_2, b\${j}_3);
    //#repeat i ROWS
    //#include gemm_step
    //#end i
    //#end j
  }
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  sum\${i}_\${j} += y\${i}_\${j};
  y\${i}_\${j} = vec4f();
  //#end j
  //#end i
  }
  //#end BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  //#if BLOCK
  end(row + \${i}u, column + \${4 * j}u, sum\${i}_\${j});
  //#else
  end(row + \${i}u, column + \${4 * j}u, y\${i}_\${j});
  //#end BLOCK
  //#end j
  //#end i
}
`;var rc=`// Matrix product Y = op(A)\xB7op(B) with its endings, in registers: the form for CPU drivers, where 4 divides N and K (and
// M, of TN). gemm_any.wgsl takes all other sizes, gemm_tiled.wgsl is the form for GPUs.
//
//   NT: Y[M,N] = A[M,K]\xB7B[N,K]\u1D40   a layer's forward (weights as Hugging Face stores them: [out, in])
//   NN: Y[M,N] = A[M,K]\xB7B[K,N]    its input gradient  dX = dY\xB7W
//   TN: Y[M,N] = A[K,M]\u1D40\xB7B[K,N]   its weight gradient dW = dY\u1D40\xB7X
//
// One invocation holds a tile of ROWS\xD7COLS outputs (COLS = 4\xB7VCOLS) in registers and walks K four at a time,
// so each loaded vec4 serves a whole row or column of the tile. Neighbouring invocations take neighbouring
// column tiles. The operands are read through textures where these are large enough (src/gpu/program/textures.ts).
// Where K is long, what BLOCK trips add up goes into a second set of sums (blocked summation, Higham 1993), so that
// rounding grows with the blocks and not with K. All trips together must stay under 65,535, a driver's limit.

struct Params {
//#include gemm_params
}

@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
@group(0) @binding(1) var<storage, read_write> b: array<b_t4>;
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending

@compute @workgroup_size(\${WORKGROUP})
fn gemm(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let tile = item_index(id, groups);
  let across = (p.n + \${COLS}u - 1u) / \${COLS}u;
  let row = (tile / across) * \${ROWS}u;
  let column = (tile % across) * \${COLS}u;
  if (row >= p.m) { return; }

  //#repeat i ROWS
  //#repeat j VCOLS
  var y\${i}_\${j} = vec4f();
  //#end j
  //#end i
  let k4 = p.k / 4u;
  // vec4s from a row of A and B to the next, and before their first column.
  //#if PITCHED
  let a_pitch = p.a_pitch / 4u;
  let b_pitch = p.b_pitch / 4u;
  let a_first = p.a_first / 4u;
  let b_first = p.b_first / 4u;
  //#else
  let a_first = 0u;
  let b_first = 0u;
  //#if TN
  let a_pitch = p.m / 4u;
  //#else
  let a_pitch = k4;
  //#end TN
  //#if NT
  let b_pitch = k4;
  //#else
  let b_pitch = p.n / 4u;
  //#end NT
  //#end PITCHED
  // Where the tile's rows of A begin (TN: its columns), and its columns of B (NT: its rows).
  //#if TN
  //#repeat i VROWS
  let ra\${i} = a_first + min(row / 4u + \${i}u, p.m / 4u - 1u);
  //#end i
  //#else
  //#repeat i ROWS
  let ra\${i} = a_first + min(row + \${i}u, p.m - 1u) * a_pitch;
  //#end i
  //#end TN
  //#if NT
  //#repeat j COLS
  let cb\${j} = b_first + min(column + \${j}u, p.n - 1u) * b_pitch;
  //#end j
  //#else
  //#repeat j VCOLS
  let cb\${j} = b_first + min(column / 4u + \${j}u, p.n / 4u - 1u);
  //#end j
  //#end NT
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  var sum\${i}_\${j} = vec4f();
  //#end j
  //#end i
  for (var first = 0u; first < k4; first += \${BLOCK}u) {
  for (var k = first; k < min(first + \${BLOCK}u, k4); k++) {
  //#else
  for (var k = 0u; k < k4; k++) {
  //#end BLOCK
    // a: the tile's rows, a vec4 along k each.
    //#if TN
    //#repeat i VROWS
    let ta\${i} = transpose(mat4x4f(
      load_a(4u * k * a_pitch + ra\${i}), load_a((4u * k + 1u) * a_pitch + ra\${i}),
      load_a((4u * k + 2u) * a_pitch + ra\${i}), load_a((4u * k + 3u) * a_pitch + ra\${i})));
    //#end i
    //#repeat i ROWS
    let a\${i} = ta\${i / 4}[\${i % 4}];
    //#end i
    //#else
    //#repeat i ROWS
    let a\${i} = load_a(ra\${i} + k);
    //#end i
    //#end TN
    // b: four columns at a time, a vec4 along the columns for each of the four k.
    //#repeat j VCOLS
    //#if NT
    let b\${j} = transpose(mat4x4f(
      load_b(cb\${4 * j} + k), load_b(cb\${4 * j + 1} + k), load_b(cb\${4 * j + 2} + k), load_b(cb\${4 * j + 3} + k)));
    //#else
    let b\${j} = mat4x4f(
      load_b(4u * k * b_pitch + cb\${j}), load_b((4u * k + 1u) * b_pitch + cb\${j}),
      load_b((4u * k + 2u) * b_pitch + cb\${j}), load_b((4u * k + 3u) * b_pitch + cb\${j}));
    //#end NT
    //#repeat i ROWS
    //#include gemm_step
    //#end i
    //#end j
  }
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  sum\${i}_\${j} += y\${i}_\${j};
  y\${i}_\${j} = vec4f();
  //#end j
  //#end i
  }
  //#end BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  //#if BLOCK
  end(row + \${i}u, column + \${4 * j}u, sum\${i}_\${j});
  //#else
  end(row + \${i}u, column + \${4 * j}u, y\${i}_\${j});
  //#end BLOCK
  //#end j
  //#end i
}
`;var oc=252e3;function Po(e){let{layout:t,m:r,n,k:o}=e;return n%4===0&&o%4===0&&(t!=="TN"||r%4===0)&&it(e,"a","b","y")}function nc(e){return Po(e)?Math.ceil(e.m/16)*Math.ceil(e.n/16)>=16?{rows:16,cols:16}:{rows:8,cols:8}:{rows:4,cols:4}}var sc={constants(e){let{rows:t,cols:r}=nc(e);return{VECTOR:Number(Po(e)),NT:+(e.layout==="NT"),TN:+(e.layout==="TN"),ROWS:t,VROWS:t/4,COLS:r,VCOLS:r/4,BLOCK:nn(e.k,4),...xt(e,2)}},bindings:e=>["a","b",...st(e)],f16:["a","b",...bt],params:$t,groups(e,t){let{rows:r,cols:n}=nc(e);return j(Math.ceil(e.m/r)*Math.ceil(e.n/n),t)},label:kt,operations:({m:e,n:t,k:r})=>2*e*t*r},Lh={...sc,name:"gemm",wgsl:rc,textures:({textures:e})=>e?["a","b"]:[]},Rh={...sc,name:"gemm_any",wgsl:tc};function ic(e,t,r){if(!Po(t))return e.dispatch(Rh,t,r);let[n,o]=r,s=Math.max(n.size,o.size)<=e.gpu.largestTexture;e.dispatch(Lh,{...t,textures:s},r)}var Ph={gemm:{cpu:"registers",gpu:"tiled"},attention:{cpu:"registers",gpu:"tiled"},norm:{cpu:"registers",gpu:"tiled"},columnSum:{cpu:"registers",gpu:"tiled"},adamw:{cpu:"registers",gpu:"tiled"}};function at(e,t){return Ph[e][typeof t=="string"?t:$e(t)]}var ac=`// Second pass of a product whose inner size was divided: adds up the sheets of partial [splits, M, N] in order and
// ends the sum as blocks/gemm_ending.wgsl says. Four columns an invocation.

//#include spread
//#include gemm_ending

struct Params {
//#include gemm_params
  splits: u32,
}

@group(0) @binding(0) var<storage, read_write> partial: array<T>;
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn gemm_sum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let across = (p.n + 3u) / 4u;
  let row = i / across;
  let column = 4u * (i % across);
  if (row >= p.m) { return; }
  var sum = vec4f();
  for (var sheet = 0u; sheet < p.splits; sheet++) {
    let first = (sheet * p.m + row) * p.n;
    //#if VECTOR
    sum += partial[(first + column) / 4u];
    //#else
    let last = p.n - 1u;
    sum += vec4f(partial[first + column], partial[first + min(column + 1u, last)],
      partial[first + min(column + 2u, last)], partial[first + min(column + 3u, last)]);
    //#end VECTOR
  }
  end(row, column, sum);
}
`;var cc=`// Matrix product Y = op(A)\xB7op(B) with tiles in workgroup memory: the form for GPUs. Layouts as in gemm.wgsl, the
// ending is blocks/gemm_ending.wgsl's.
//
// A workgroup of 2\xB7SIDE invocations (WORKGROUP) makes a square tile of SIDE\xD7SIDE outputs, 4\xB7VROWS \xD7 4\xB7VCOLS an invocation, and
// walks K sixteen at a time. For each step every invocation brings one block of 4\xD74 values: the first SIDE
// invocations from A, the others from B. In workgroup memory a row holds one k of all the tile's rows (columns), in
// vec4s, so that both operands are read as vec4 whatever the layout: blocks that lie the other way are turned in
// registers, and no matrix is ever transposed in memory. The block of the next step is fetched before the present
// one is multiplied, so that its loads are under way meanwhile; workgroup memory holds one step.
//
// Banks: eight neighbouring invocations store eight neighbouring vec4s (the other three blocks of four k go to the
// next groups of eight), and reads are of neighbouring vec4s or of one and the same. Nothing is padded, and the
// tile of 128 takes 16 KiB, which every WebGPU device grants.
//
// The workgroups may also divide K, into \`chunk\`s: sheet s of y [splits, M, N] is the product over the s-th of them,
// and gemm_sum.wgsl adds the sheets up. Where such a part is long itself, what BLOCK steps add up goes into a second set
// of sums, as in gemm.wgsl.

struct Params {
//#include gemm_params
  chunk: u32,
}

//#if VECTOR_A
@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
//#else
@group(0) @binding(0) var<storage, read_write> a: array<a_t>;
//#end VECTOR_A
//#if VECTOR_B
@group(0) @binding(1) var<storage, read_write> b: array<b_t4>;
//#else
@group(0) @binding(1) var<storage, read_write> b: array<b_t>;
//#end VECTOR_B
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending

// [operand, k, row (column) / 4]
var<workgroup> tile: array<vec4f, \${8 * SIDE}>;

// Four neighbours, from \`column\`, in the row of A or B that begins at \`first\`; beyond its end, some of its values.
fn four_a(first: u32, column: u32, columns: u32) -> vec4f {
  //#if VECTOR_A
  return load_a((first + min(column, columns - 4u)) / 4u);
  //#else
  //#repeat q 4
  let x\${q} = f32(a[first + min(column + \${q}u, columns - 1u)]);
  //#end q
  return vec4f(x0, x1, x2, x3);
  //#end VECTOR_A
}
fn four_b(first: u32, column: u32, columns: u32) -> vec4f {
  //#if VECTOR_B
  return load_b((first + min(column, columns - 4u)) / 4u);
  //#else
  //#repeat q 4
  let x\${q} = f32(b[first + min(column + \${q}u, columns - 1u)]);
  //#end q
  return vec4f(x0, x1, x2, x3);
  //#end VECTOR_B
}

// The same of a matrix of so many rows and columns; beyond its last row, that one.
fn four(of_a: bool, row: u32, column: u32, rows: u32, columns: u32) -> vec4f {
  //#if PITCHED
  let first = min(row, rows - 1u) * select(p.b_pitch, p.a_pitch, of_a) + select(p.b_first, p.a_first, of_a);
  //#else
  let first = min(row, rows - 1u) * columns;
  //#end PITCHED
  if (of_a) { return four_a(first, column, columns); }
  return four_b(first, column, columns);
}

fn block_of(of_a: bool, row: u32, column: u32, rows: u32, columns: u32) -> mat4x4f {
  return mat4x4f(
    four(of_a, row, column, rows, columns), four(of_a, row + 1u, column, rows, columns),
    four(of_a, row + 2u, column, rows, columns), four(of_a, row + 3u, column, rows, columns));
}

// A block as it is stored: four rows of op(A) or columns of op(B), from \`side\`, by four k.
fn fetch(of_a: bool, side: u32, k: u32) -> mat4x4f {
  if (of_a) {
    //#if TN
    return block_of(true, k, side, p.k, p.m);
    //#else
    return block_of(true, side, k, p.m, p.k);
    //#end TN
  }
  //#if NT
  return block_of(false, side, k, p.n, p.k);
  //#else
  return block_of(false, k, side, p.k, p.n);
  //#end NT
}

// A fetched block with one k a column.
fn turn(of_a: bool, block: mat4x4f) -> mat4x4f {
  //#if NT
  return transpose(block);
  //#elif TN
  return block;
  //#else
  if (of_a) { return transpose(block); }
  return block;
  //#end NT
}

@compute @workgroup_size(\${WORKGROUP})
fn gemm_tiled(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  // Tiles go in bands of eight rows of tiles, column by column: what runs at one time shares rows and columns.
  let across = (p.n + \${SIDE - 1}u) / \${SIDE}u;
  let down = (p.m + \${SIDE - 1}u) / \${SIDE}u;
  let index = group_index(group, groups);
  let sheet = index / (across * down);
  let first = sheet * p.chunk;
  if (first >= p.k) { return; }
  let end_k = min(p.k, first + p.chunk);
  let at = index % (across * down);
  let band = at / (8u * across);
  let high = min(8u, down - 8u * band);
  let inside = at % (8u * across);
  let tile_row = (8u * band + inside % high) * \${SIDE}u;
  let tile_column = (inside / high) * \${SIDE}u;

  // What this invocation brings.
  let of_a = i < \${SIDE}u;
  let block_k = 4u * (i / 8u % 4u);
  let block_side = i % \${SIDE}u / 32u * 8u + i % 8u;
  let side = select(tile_column, tile_row, of_a) + 4u * block_side;
  let place = i / \${SIDE}u * \${4 * SIDE}u + block_k * \${SIDE / 4}u + block_side;
  // What it makes: VROWS \xD7 VCOLS blocks of 4\xD74, spread over the tile.
  let tx = i % \${ACROSS}u;
  let ty = i / \${ACROSS}u;

  //#repeat r ROWS
  //#repeat c VCOLS
  var y\${r}_\${c} = vec4f();
  //#end c
  //#end r
  var block = fetch(of_a, side, first + block_k);
  //#if BLOCK
  //#repeat r ROWS
  //#repeat c VCOLS
  var sum\${r}_\${c} = vec4f();
  //#end c
  //#end r
  for (var start = first; start < end_k; start += \${16 * BLOCK}u) {
  for (var k = start; k < min(start + \${16 * BLOCK}u, end_k); k += 16u) {
  //#else
  for (var k = first; k < end_k; k += 16u) {
  //#end BLOCK
    workgroupBarrier(); // the step before has been read
    block = turn(of_a, block);
    //#repeat q 4
    tile[place + \${q * SIDE / 4}u] = select(vec4f(), block[\${q}], k + block_k + \${q}u < end_k);
    //#end q
    workgroupBarrier();
    if (k + 16u < end_k) { block = fetch(of_a, side, k + 16u + block_k); }
    //#repeat k 16
    //#repeat r VROWS
    let a\${k}_\${r} = tile[ty + \${k * SIDE / 4 + r * DOWN}u];
    //#end r
    //#repeat c VCOLS
    let b\${k}_\${c} = tile[tx + \${4 * SIDE + k * SIDE / 4 + c * ACROSS}u];
    //#end c
    //#repeat r ROWS
    //#repeat c VCOLS
    y\${r}_\${c} = fma(vec4f(a\${k}_\${r / 4}[\${r % 4}]), b\${k}_\${c}, y\${r}_\${c});
    //#end c
    //#end r
    //#end k
  }
  //#if BLOCK
  //#repeat r ROWS
  //#repeat c VCOLS
  sum\${r}_\${c} += y\${r}_\${c};
  y\${r}_\${c} = vec4f();
  //#end c
  //#end r
  }
  //#end BLOCK
  //#repeat r ROWS
  let row\${r} = tile_row + 4u * (ty + \${r / 4 * DOWN}u) + \${r % 4}u;
  //#repeat c VCOLS
  //#if BLOCK
  end_sheet(sheet, row\${r}, tile_column + 4u * (tx + \${c * ACROSS}u), sum\${r}_\${c});
  //#else
  end_sheet(sheet, row\${r}, tile_column + 4u * (tx + \${c * ACROSS}u), y\${r}_\${c});
  //#end BLOCK
  //#end c
  //#end r
}
`;var cn=16;function jo(e){return 2*e}function lc(e){return 2*e*cn*4}var Bh={128:{rows:8,cols:8},64:{rows:8,cols:4},32:{rows:4,cols:4}};function Io({k:e,splits:t}){return Math.ceil(Math.ceil(e/t)/cn)*cn}function dc(e){return e.n%4===0&&it(e,"y")}var uc={name:"gemm_tiled",wgsl:cc,constants(e){let{layout:t,m:r,n,k:o,side:s}=e,{rows:i,cols:a}=Bh[s];return{NT:+(t==="NT"),TN:+(t==="TN"),VECTOR_A:Number((t==="TN"?r:o)%4===0&&it(e,"a")),VECTOR_B:Number((t==="NT"?o:n)%4===0&&it(e,"b")),VECTOR:Number(dc(e)),SIDE:s,ROWS:i,VROWS:i/4,VCOLS:a/4,ACROSS:s/a,DOWN:s/i,BLOCK:nn(Io(e),cn),...xt(e,2)}},bindings:e=>["a","b",...st(e)],f16:["a","b",...bt],params:e=>[...$t(e),Io(e)],workgroup:({side:e})=>jo(e),groups({m:e,n:t,side:r,splits:n}){return j(Math.ceil(e/r)*Math.ceil(t/r)*n,1)},label:e=>`${kt(e)} tile ${e.side}${e.splits>1?` splits ${e.splits}`:""}`,operations:({m:e,n:t,k:r})=>2*e*t*r},fc={name:"gemm_sum",wgsl:ac,constants:e=>({VECTOR:Number(dc(e)),...xt(e,1)}),bindings:e=>["partial",...st(e)],f16:bt,params:e=>[...$t(e),e.splits],workgroup:()=>64,groups:({m:e,n:t},r)=>j(e*Math.ceil(t/4),r),label:e=>`${kt(e)} splits ${e.splits}`};function pc(e,t,{side:r,splits:n},o){let s={...t,side:r,splits:n};if(s.splits=Math.ceil(t.k/Io(s)),s.splits===1)return e.dispatch(uc,s,o);let[i,a,...u]=o,c=e.empty([s.splits,t.m,t.n],"partial products");e.dispatch(uc,{...s,...Bo(t)},[i,a,c]),e.dispatch(fc,s,[c,...u])}function Bo({n:e,pitches:t}){return{...{bias:!1,save:!1,residual:!1,activation:void 0,add:!1,scale:void 0},pitches:t&&{...t,y:{row:e,first:0}}}}function un(e,t,r){e.dispatch(fc,{...t,side:32,splits:1},r)}var zh=[{side:128,workgroups:128,excess:1.5},{side:64,workgroups:128,excess:1.5},{side:32,workgroups:0,excess:1/0}],Dh=256,qh=256;function hc(e,t){if(!t.cut&&Ja(t))return{form:"gemv"};if(at("gemm",e)==="registers")return{form:"registers"};let{maxComputeInvocationsPerWorkgroup:r,maxComputeWorkgroupStorageSize:n}=e.device.limits;for(let{side:o,workgroups:s,excess:i}of zh){if(jo(o)>r||lc(o)>n)continue;let a=Math.ceil(t.m/o)*Math.ceil(t.n/o),u=Uh(a,t,e.largestBinding);if(!(a*u<s||a*o*o>i*t.m*t.n))return{form:"tiled",side:o,splits:u}}return{form:"registers"}}function Uh(e,{m:t,n:r,k:n},o){if(n<2*Math.min(t,r))return 1;let s=Math.min(Math.floor(n/qh),Math.floor(o/(4*t*r)));return Math.max(1,Math.min(Math.ceil(Dh/e),s))}function le(e,t,r,n,o,s={},i,a={}){let[u,c]=zo(r,a.a),[d,l]=zo(n,a.b),[f,p]=zo(o,a.y),h=t==="TN"?c:u,m=t==="TN"?u:c,g=t==="NT"?d:l;if(m!==(t==="NT"?l:d)||(a.y?f!==h||p!==g:o.size!==h*g))throw new Error(`gemm ${t}: shapes do not fit: A [${r.shape}], B [${n.shape}], Y [${o.shape}]`);let{bias:_,save:v,residual:O,activation:A,add:N=!1,scale:R}=s,B={layout:t,m:h,n:g,k:m,bias:!!_,save:!!v,residual:!!O,activation:A,add:N,scale:R},K=i??hc(e.gpu,{...B,cut:Object.keys(a).length>0}),T={a:r,b:n,y:o,others:[v,O].filter(X=>X!==void 0),columns:a},[P,W]=K.form==="tiled"?[1/0,K.splits]:[oc,1],se=Qa(B,T,e.gpu.largestBinding,P,W),ae=A!==void 0||v!==void 0||o.dtype!=="f32",ue;for(let X of se){let{pitches:M,...k}=ec(B,T,X),S={...B,m:X.m.count,n:X.n.count,k:X.k.count,pitches:M},y=[k.y,..._?[_]:[],...k.others],b=[k.a,k.b],E=X.k.first===0,z=X.k.first+X.k.count===m;E&&z?ln(e,S,K,[...b,...y]):ae?(E&&(ue=e.empty([S.m,S.n],"sum of products")),ln(e,{...S,...Bo(S),add:!E},K,[...b,ue]),z&&un(e,S,[ue,...y])):E?ln(e,S,K,[...b,...y]):ln(e,{...S,...{bias:!1,residual:!1,add:!0}},K,[...b,k.y])}}function ln(e,t,r,n){r.form==="tiled"?pc(e,t,r,n):r.form==="gemv"?Xa(e,t,n):ic(e,t,n)}function zo(e,t){let[r,n]=ve(e);if(!t)return[r,n];if(t.first+t.count<=n)return[r,t.count];throw new Error(`gemm: columns ${t.first} to ${t.first+t.count} of [${e.shape}]`)}function ve(e){let t=e.shape.at(-1)??1;return[e.size/t,t]}var mc=`// Sums over chunks of rows, read row by row as they lie in memory: the first pass of a sum over all rows
// (column_sum.wgsl makes the second).
//
//   partial[chunk, column] = \u03A3 rows of the chunk of x[row, column]
//
// A workgroup takes p.chunk rows of LANES\xB7HELD vec4 columns; lane l holds the sums of the columns l, l + LANES, \u2026.
// STEP rows a trip, added one after the other.

//#include spread

struct Params { rows: u32, width: u32, chunk: u32, across: u32 } // width in vec4; workgroups across a row

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>;       // [rows, width]
@group(0) @binding(1) var<storage, read_write> partial: array<vec4f>; // [chunks, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn column_parts(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_index(id, groups);
  let chunk = group / p.across;
  let column = (group % p.across) * \${LANES * HELD}u + lane;
  let end = min((chunk + 1u) * p.chunk, p.rows);
  //#repeat c HELD
  let at\${c} = min(column + \${c * LANES}u, p.width - 1u);
  var sum\${c} = vec4f();
  //#end c
  for (var row = chunk * p.chunk; row < end; row += \${STEP}u) {
    //#repeat r STEP
    let start\${r} = min(row + \${r}u, end - 1u) * p.width;
    let here\${r} = row + \${r}u < end;
    //#repeat c HELD
    sum\${c} += select(vec4f(), x[start\${r} + at\${c}], here\${r});
    //#end c
    //#end r
  }
  if (chunk * p.chunk >= p.rows) { return; }
  //#repeat c HELD
  if (column + \${c * LANES}u < p.width) { partial[chunk * p.width + at\${c}] = sum\${c}; }
  //#end c
}
`;var gc=`// Sums over chunks of rows of any width; column_parts.wgsl is faster where 4 divides it, column_sum.wgsl adds them up.
//
//   partial[chunk, column] = \u03A3 rows of the chunk of x[row, column]
//
// An invocation a column of a chunk; rows are added one after the other.

//#include spread

struct Params { rows: u32, width: u32, chunk: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<f32>;       // [rows, width]
@group(0) @binding(1) var<storage, read_write> partial: array<f32>; // [chunks, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn column_parts_any(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let first = (i / p.width) * p.chunk;
  if (first >= p.rows) { return; }
  let end = min(first + p.chunk, p.rows);
  var sum = 0.0;
  for (var row = first; row < end; row++) { sum += x[row * p.width + column]; }
  partial[i] = sum;
}
`;var wc=`// Sums over rows: y[column] (+)= \u03A3 rows of x. An invocation a column; where there are many rows, they are those that
// column_parts.wgsl, column_parts_any.wgsl or norm_weight_parts.wgsl made of chunks of rows, at most 1,024 of them, which
// keeps the loop under 65,535 trips.
//
// Rows are added one after the other, four in a trip, which spares a CPU driver trips.

//#include spread
//#include elements

struct Params { rows: u32, width: u32, add: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> x: array<T>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> y: array<T>; // [width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn column_sum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.width) { return; }
  var sum = T();
  var row = 0u;
  for (; row + 4u <= p.rows; row += 4u) {
    let at = row * p.width + i;
    sum = (((sum + x[at]) + x[at + p.width]) + x[at + 2u * p.width]) + x[at + 3u * p.width];
  }
  for (; row < p.rows; row++) { sum += x[row * p.width + i]; }
  if (p.add != 0u) { sum += y[i]; }
  y[i] = sum;
}
`;var _c=`// The gradient of a norm's weight over chunks of rows, of any width; column_sum.wgsl adds them up.
//
//   partial[chunk, column] = \u03A3 rows of the chunk of dy\xB7x\u0302,  x\u0302 = (x \u2212 mean)\xB7rstd from the stats that norm_forward.wgsl kept
//
// An invocation a column T of a chunk; rows are added one after the other.

//#include spread
//#include stored_elements

struct Params { rows: u32, width: u32, chunk: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> dy: array<T>;      // [rows, width]
@group(0) @binding(1) var<storage, read_write> partial: array<T>; // [chunks, width]
@group(0) @binding(2) var<storage, read_write> x: array<X>;       // [rows, width]
@group(0) @binding(3) var<storage, read_write> stats: array<f32>; // [rows, 2] mean and rstd
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn norm_weight_parts(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let first = (i / p.width) * p.chunk;
  if (first >= p.rows) { return; }
  let end = min(first + p.chunk, p.rows);
  var sum = T();
  for (var row = first; row < end; row++) {
    let at = row * p.width + column;
    sum += dy[at] * (T(x[at]) - stats[2u * row]) * stats[2u * row + 1u];
  }
  partial[i] = sum;
}
`;function dn(e){return e%4===0?e/4:e}var Gh={name:"column_sum",wgsl:wc,constants:({width:e})=>({VECTOR:+(e%4===0)}),bindings:()=>["x","y"],params:({rows:e,width:t,add:r})=>[e,dn(t),Number(r)],groups:({width:e},t)=>j(dn(e),t)},Hh={name:"column_parts_any",wgsl:gc,constants:()=>({}),bindings:()=>["x","partial"],params:({rows:e,width:t,chunk:r})=>[e,t,r],groups:({rows:e,width:t,chunk:r},n)=>j(Math.ceil(e/r)*t,n)},Jh={name:"norm_weight_parts",wgsl:_c,f16:["x","y"],constants:({width:e})=>({VECTOR:+(e%4===0)}),bindings:()=>["dy","partial","x","stats"],params:({rows:e,width:t,chunk:r})=>[e,dn(t),r],groups:({rows:e,width:t,chunk:r},n)=>j(Math.ceil(e/r)*dn(t),n)};function Do({width:e,lanes:t}){return Math.min(16,Math.ceil(e/4/t))}function yc(e){return Math.ceil(e.width/4/(e.lanes*Do(e)))}var Xh={name:"column_parts",wgsl:mc,constants:e=>({LANES:e.lanes,HELD:Do(e),STEP:Do(e)<=4?4:1}),bindings:()=>["x","partial"],params:e=>[e.rows,e.width/4,e.chunk,yc(e)],workgroup:({lanes:e})=>e,groups:e=>j(Math.ceil(e.rows/e.chunk)*yc(e),1)},Yh=65536,Zh=4096;function Et(e,t,r,n){let[o,s]=ve(t),i=(p,h)=>e.dispatch(Gh,{rows:h,width:s,add:r.add},[p,r.tensor]),a=at("columnSum",e.gpu)==="registers",u=o<=64||a&&t.size<=Yh&&o<=Zh;if(!n&&u)return i(t,o);let c=Math.max(32,Math.ceil(o/1024)),d=Math.ceil(o/c),l=e.empty([d,s],"column sums of chunks"),f={rows:o,width:s,chunk:c};n?e.dispatch(Jh,f,[t,l,n.input,n.stats]):s%4!==0?e.dispatch(Hh,f,[t,l]):e.dispatch(Xh,{...f,lanes:a?8:32},[t,l]),i(l,d)}var vc=`// Inverted dropout, four elements at a time: y (+)= x\xB7factor where a random number is at least \`share\`, else 0.
//
// The numbers are a function of the element (\`before\` are the vec4s before this piece), the place in the model
// (\`site\`), the step and the pass (pcg4d, Jarzynski and Olano 2020): backward draws the same again, and nothing is kept from a step to the next.

//#include spread

struct Params { count: u32, before: u32, site: u32, share: f32, factor: f32, add: u32, step_at: u32, pass_at: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> y: array<y_t>;
@group(0) @binding(2) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

fn pcg4d(seed: vec4u) -> vec4u {
  var v = seed * 1664525u + 1013904223u;
  v += v.yzxy * v.wxyz;
  v ^= v >> vec4u(16u);
  v += v.yzxy * v.wxyz;
  return v;
}

@compute @workgroup_size(\${WORKGROUP})
fn dropout(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let vector = item_index(id, groups);
  let drawn = pcg4d(vec4u(p.before + vector, p.site, u32(scalars[p.step_at]), u32(scalars[p.pass_at])));
  let numbers = vec4f(drawn >> vec4u(8u)) / 16777216.0; // from 0 to below 1
  for (var q = 0u; q < 4u; q++) {
    let i = 4u * vector + q;
    if (i >= p.count) { return; }
    var value = 0.0;
    if (numbers[q] >= p.share) { value = f32(x[i]) * p.factor; }
    if (p.add != 0u) { value += f32(y[i]); }
    y[i] = y_t(value);
  }
}
`;var em={name:"dropout",wgsl:vc,constants:()=>({}),bindings:()=>["x","y","scalars"],f16:["x","y"],params:({count:e,before:t,site:r,share:n,add:o,stepAt:s,passAt:i})=>[e,t,r,ne(n),ne(1/(1-n)),Number(o),s,i],workgroup:()=>64,groups:({count:e},t)=>j(Math.ceil(e/4),t)};function qo(e,{scalars:t,...r},n,o,s=!1){for(let{first:i,count:a}of on(e.gpu,n.size)){let u=c=>c.view([c.size]).rows(i,a);e.dispatch(em,{...r,before:i/4,count:a,add:s},[u(n),u(o),t])}}function bc({a:e,parts:t}){return[e,...t.map(({b:r})=>r)]}function Uo(e,t,r,n){let[o,s]=ve(r),i=t.parts.reduce((u,{b:c})=>u+c.shape[1],0);q("low rank","A",t.a.shape,[i,s]);let a=e.empty([o,i],"low rank");return le(e,"NT",$c(e,t,r),t.a,a),kc(t,({b:u,scale:c},d,l)=>{le(e,"NT",a,u,n,{scale:c,add:!0},void 0,{a:d,y:l})}),{u:a}}function xc(e,t,{u:r},n,o,s){let i=e.empty(r.shape,"d low rank");kc(t,({b:c,scale:d},l,f)=>{le(e,"NN",o,c,i,{scale:d},void 0,{a:f,y:l});let p=e.target(c);p&&le(e,"TN",o,r,p.tensor,{scale:d,add:p.add},void 0,{a:f,b:l})});let a=e.target(t.a);if(a&&le(e,"TN",i,$c(e,t,n),a.tensor,{add:a.add}),!s)return;if(!t.dropout)return le(e,"NN",i,t.a,s,{add:!0});let u=e.empty(n.shape,"d dropped");le(e,"NN",i,t.a,u),qo(e,t.dropout,u,s,!0)}function $c(e,{dropout:t},r){if(!t)return r;let n=e.empty(r.shape,"dropped");return qo(e,t,r,n),n}function kc({parts:e},t){let r=0;for(let n of e){let[o=0,s=0]=n.b.shape;t(n,{first:r,count:s},{first:n.first,count:o}),r+=s}}var Ec=`// dx (+)= dy\xB7f'(x), f being GELU (exact or by tanh), quick-GELU or SiLU. Four elements an invocation.

//#include spread
//#include activation_chosen

struct Params { count: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> dx: array<f32>;
@group(0) @binding(2) var<storage, read_write> dy: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn activation_backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = 4u * item_index(id, groups);
  for (var i = first; i < min(first + 4u, p.count); i++) {
    var value = dy[i] * derivative(f32(x[i]));
    if (p.add != 0u) { value += dx[i]; }
    dx[i] = value;
  }
}
`;var Sc=`// y = f(x), f being GELU (exact or by tanh), quick-GELU or SiLU. Four elements an invocation.

//#include spread
//#include activation_chosen

struct Params { count: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> y: array<y_t>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn activation(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = 4u * item_index(id, groups);
  for (var i = first; i < min(first + 4u, p.count); i++) { y[i] = y_t(activate(f32(x[i]))); }
}
`;function Oc(e,t,r){return{name:e,wgsl:t,constants:({activation:n})=>Lo(n),bindings:()=>r,f16:["x","y"],params:({count:n,add:o})=>[n,Number(o)],workgroup:()=>64,groups:({count:n},o)=>j(Math.ceil(n/4),o)}}var k1=Oc("activation",Sc,["x","y"]),nm=Oc("activation_backward",Ec,["x","dx","dy"]);function Ac(e,t,r,n,o){e.dispatch(nm,{count:r.size,activation:t,add:o.add},[r,o.tensor,n])}function ct(e,t,r,n={}){let{bias:o,activation:s,residual:i,lowRank:a}=n,[u=0]=r.shape,[c,d]=ve(t);q("linear","weight",r.shape,[-1,d]),o&&q("linear","bias",o.shape,[u]);let l=e.result([...t.shape.slice(0,-1),u],"linear");i&&q("linear","residual",i.shape,l.shape);let f=a?bc(a):[],p=e.needsGrad(t,r,o,i,...f),h=s&&p?e.result([c,u],"pre-activation"):void 0,m={bias:o,activation:s,residual:e.apart(i,t),save:h},g;if(!a)le(e,"NT",t,r,l,m);else if(!s&&l.dtype==="f32")le(e,"NT",t,r,l,m),g=Uo(e,a,t,l);else{let w=e.empty([c,u],"linear in 32 bits");le(e,"NT",t,r,w),g=Uo(e,a,t,w),om(e,w,l,m)}return p&&e.differentiable(l,w=>{let _=w;s&&e.gradientWanted(t,r,o,...f)&&(_=e.empty([c,u],"d pre-activation"),Ac(e,s,h,w,{tensor:_,add:!1}));let v=e.target(t);v&&le(e,"NN",_,r,v.tensor,{add:v.add}),a&&xc(e,a,g,t,_,v?.tensor);let O=e.target(r);O&&le(e,"TN",_,t,O.tensor,{add:O.add});let A=e.target(o);A&&Et(e,_,A),e.pass(i,w)}),l}function om(e,t,r,{bias:n,activation:o,residual:s,save:i}){let[a,u]=ve(t),c={layout:"NT",n:u,k:0,bias:!!n,save:!!i,residual:!!s};for(let{first:d,count:l}of pr(e.gpu,a,4*u)){let f=p=>p.view([a,u]).rows(d,l);un(e,{...c,m:l,activation:o,add:!1},[f(t),f(r),...n?[n]:[],...i?[f(i)]:[],...s?[f(s)]:[]])}}var Tc=`// Cuts images into patches, so that the patch embedding (a convolution whose stride is its size) is a matrix product:
// patches[i] = pixels[pixel_at(i)]. An invocation an element of the patches.

//#include spread

struct Params { count: u32, channels: u32, size: u32, side: u32, add: u32 }

// The pixel in [images, channels, size, size] that is the i-th value of the patches [images\xB7n, channels\xB7side\xB7side],
// n = \u230Asize/side\u230B\xB2 in reading order: the last rows and columns that
// fill no patch are left out.
fn pixel_at(i: u32) -> u32 {
  let area = p.side * p.side;
  let across = p.size / p.side;
  let cell = i / (p.channels * area);
  let channel = (i / area) % p.channels;
  let picture = cell / (across * across);
  let place = cell % (across * across);
  let y = (place / across) * p.side + (i % area) / p.side;
  let x = (place % across) * p.side + i % p.side;
  return ((picture * p.channels + channel) * p.size + y) * p.size + x;
}

@group(0) @binding(0) var<storage, read_write> pixels: array<f32>;
@group(0) @binding(1) var<storage, read_write> patches: array<patches_t>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn cut_patches(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count) { return; }
  patches[i] = patches_t(pixels[pixel_at(i)]);
}
`;var Cc=`// CLIP's vision embedding: y[image, 0] = cls + position[0], y[image, 1 + i] = patch[image, i] + position[1 + i].
// y is [images, n + 1, width]; an invocation an element. vision_embedding_patches.wgsl and vision_embedding_tables.wgsl
// are its gradients.

//#include spread

struct Params { images: u32, n: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> y: array<y_t>;
@group(0) @binding(1) var<storage, read_write> patches: array<patches_t>;   // [images, n, width]
@group(0) @binding(2) var<storage, read_write> cls: array<f32>;             // [width]
@group(0) @binding(3) var<storage, read_write> position: array<position_t>; // [n + 1, width]
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn vision_embedding(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let row = i / p.width;
  if (row >= p.images * (p.n + 1u)) { return; }
  let token = row % (p.n + 1u);
  var value = f32(position[token * p.width + column]);
  if (token == 0u) {
    value += cls[column];
  } else {
    value += f32(patches[((row / (p.n + 1u)) * p.n + token - 1u) * p.width + column]);
  }
  y[i] = y_t(value);
}
`;var Nc=`// The gradient of cut_patches.wgsl: d pixels[i] (+)= d patches[patch value that the pixel is]; 0 for pixels of the last
// rows and columns that fill no patch. An invocation a pixel's value.

//#include spread

struct Params { count: u32, channels: u32, size: u32, side: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> d_pixels: array<f32>;
@group(0) @binding(1) var<storage, read_write> d_patches: array<f32>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn join_patches(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count) { return; }
  let across = p.size / p.side;
  let x = i % p.size;
  let y = (i / p.size) % p.size;
  let channel = (i / (p.size * p.size)) % p.channels;
  let picture = i / (p.size * p.size * p.channels);
  var value = 0.0;
  if (x < across * p.side && y < across * p.side) {
    let cell = (picture * across + y / p.side) * across + x / p.side;
    value = d_patches[((cell * p.channels + channel) * p.side + y % p.side) * p.side + x % p.side];
  }
  if (p.add != 0u) { value += d_pixels[i]; }
  d_pixels[i] = value;
}
`;var Mc=`// d patch[image, i] = dy[image, 1 + i] of vision_embedding.wgsl; an invocation an element.

//#include spread

struct Params { images: u32, n: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;        // [images, n + 1, width]
@group(0) @binding(1) var<storage, read_write> d_patches: array<f32>; // [images, n, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn vision_embedding_patches(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let row = i / p.width;
  if (row >= p.images * p.n) { return; }
  d_patches[i] = dy[((row / p.n) * (p.n + 1u) + row % p.n + 1u) * p.width + column];
}
`;var Lc=`// d position[t] += \u03A3_images dy[image, t] and d cls += \u03A3_images dy[image, 0] of vision_embedding.wgsl.
// An invocation an element of the positions; one loop over the images.

//#include spread

struct Params { images: u32, n: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;         // [images, n + 1, width]
@group(0) @binding(1) var<storage, read_write> d_cls: array<f32>;      // [width]
@group(0) @binding(2) var<storage, read_write> d_position: array<f32>; // [n + 1, width]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn vision_embedding_tables(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let token = i / p.width;
  if (token >= p.n + 1u) { return; }
  var sum = 0.0;
  for (var image = 0u; image < p.images; image++) { sum += dy[(image * (p.n + 1u) + token) * p.width + column]; }
  d_position[i] += sum;
  if (token == 0u) { d_cls[column] += sum; }
}
`;function Rc(e,t,r){return{name:e,wgsl:t,constants:()=>({}),bindings:()=>r,f16:["patches"],params:({count:n,channels:o,size:s,patch:i,add:a})=>[n,o,s,i,Number(a)],workgroup:()=>64,groups:({count:n},o)=>j(n,o)}}var lm=Rc("cut_patches",Tc,["pixels","patches"]),dm=Rc("join_patches",Nc,["d_pixels","d_patches"]);function fn(e,t){return Math.floor(e/t)}function Wo(e,t,r,n={}){let[o=0,s=0,i=0]=t.shape,[a=0,,u=1]=r.shape;if(q("patch embedding","weight",r.shape,[a,s,u,u]),q("patch embedding","pixels",t.shape,[o,s,i,i]),i<u)throw new Error(`patch embedding: a patch of ${u} is larger than the image, ${i}`);let c=fn(i,u)**2,d=s*u*u,l=e.result([o*c,d],"patches"),f={channels:s,size:i,patch:u,add:!1};return e.dispatch(lm,{...f,count:l.size},[t,l]),e.needsGrad(t)&&e.differentiable(l,p=>{let h=e.target(t);e.dispatch(dm,{...f,count:t.size,add:h.add},[h.tensor,p])}),ct(e,l,r.view([a,d]),n)}function Fo(e,t,r,n){return{name:e,wgsl:t,constants:()=>({}),bindings:()=>r,f16:["y","patches","position"],params:({images:o,n:s,width:i})=>[o,s,i],workgroup:()=>64,groups:(o,s)=>j(n(o)*o.width,s)}}var fm=Fo("vision_embedding",Cc,["y","patches","cls","position"],({images:e,n:t})=>e*(t+1)),pm=Fo("vision_embedding_patches",Mc,["dy","d_patches"],({images:e,n:t})=>e*t),hm=Fo("vision_embedding_tables",Lc,["dy","d_cls","d_position"],({n:e})=>e+1);function Pc(e,t,r,n){let[o=0,s=0]=t.shape,i=(n.shape[0]??1)-1,a=o/i;if(q("vision embedding","cls",r.shape,[s]),q("vision embedding","position",n.shape,[i+1,s]),!Number.isInteger(a))throw new Error(`vision embedding: ${o} patches are not whole images of ${i}`);let u=e.result([a*(i+1),s],"vision embedding"),c={images:a,n:i,width:s};return e.dispatch(fm,c,[u,t,r,n]),e.needsGrad(t,r,n)&&e.differentiable(u,d=>{e.assign(t,p=>e.dispatch(pm,c,[d,p]));let l=e.target(r),f=e.target(n);if(!(!l&&!f)){if(!l?.add||!f?.add)throw new Error("vision embedding: class token and positions must be parameters, both or none");e.dispatch(hm,c,[d,l.tensor,f.tensor])}}),u}var Ko={gelu:"gelu",gelu_pytorch_tanh:"gelu_tanh",gelu_new:"gelu_tanh",gelu_fast:"gelu_tanh",quick_gelu:"quick_gelu",silu:"silu",swish:"silu"},Vo={image_size:224,patch_size:32,hidden_size:768,intermediate_size:3072,num_hidden_layers:12,num_attention_heads:12,layer_norm_eps:1e-5},pn={...Vo,patch_size:16,layer_norm_eps:1e-6},Ic={...pn,patch_size:32,hidden_size:1152,num_attention_heads:16};function hr(e,t,r){let n=c=>{let d=e.get(c);if(Array.isArray(d)||typeof d=="object"&&d!==null){let l=Object.values(d);if(l.length===2&&l[0]===l[1]&&Number.isInteger(l[0]))return l[0];throw e.error(`${c} must be one number, a square, found ${JSON.stringify(d).slice(0,100)}`)}return e.whole(c,r[c])},o={kind:t,image_size:n("image_size"),patch_size:n("patch_size"),num_channels:e.whole("num_channels",3),hidden_size:e.whole("hidden_size",r.hidden_size),intermediate_size:e.whole("intermediate_size",r.intermediate_size),num_hidden_layers:e.layers(r.num_hidden_layers),num_attention_heads:e.whole("num_attention_heads",r.num_attention_heads),hidden_act:e.choice("hidden_act",Ko,t==="clip"?"quick_gelu":"gelu_pytorch_tanh"),layer_norm_eps:e.number("layer_norm_eps",r.layer_norm_eps),vision_use_head:e.flag("vision_use_head",t==="siglip"&&r===pn)};e.done(["vocab_size","size","max_image_size"]);let{image_size:s,patch_size:i,hidden_size:a,num_attention_heads:u}=o;if(fn(s,i)<1)throw e.error(`patch_size ${i} is larger than image_size ${s}`);if(o.num_channels!==3)throw e.error(`num_channels must be 3, found ${o.num_channels}`);if(a%u!==0)throw e.error(`${u} heads do not divide hidden_size ${a}`);return o}function Ie({image_size:e,patch_size:t}){return fn(e,t)**2}var mm=["idefics3_vision","idefics3","smolvlm_vision","siglip_vision_model"],Go={names:{vision:"model.vision_model",projector:"model.connector",language:"model.text_model",head:"lm_head.weight"},config(e){let t=new ye(e.get("vision_config")??{},"vision_config");t.word("model_type",mm,"idefics3_vision"),t.only("vision_use_head",!1);let r=hr(t,"siglip",Ic),n=e.get("text_config"),o={model_type:e.word("model_type",["idefics3","smolvlm"],"idefics3"),image_token_id:e.whole("image_token_id",128257,0),vision_config:r,feature_layers:[r.num_hidden_layers],post_norm:!0,drop_first:!1,connector:{kind:"pixel-shuffle",scale:e.whole("scale_factor",2)},text_config:rn(new ye(n??{},"text_config"),{eps:n===void 0?1e-5:1e-6,tied:e.flag("tie_word_embeddings",!1),tiedBySection:!1})};return e.done(["_pad_token_id","image_seq_len","vocab_size","hidden_size","qk_layer_norms"]),o},plainName:e=>e.replace(/^(vision_model|connector|text_model)\./,"model.$1."),moduleName:e=>e};var gm={image_size:336,patch_size:14,hidden_size:1024,intermediate_size:4096,num_hidden_layers:24,num_attention_heads:16},jc={names:{vision:"vision_tower.vision_model",projector:"multi_modal_projector",language:"language_model.model",head:"language_model.lm_head.weight"},config(e){let t=wm(new ye(e.get("vision_config")??gm,"vision_config")),r=rn(new ye(e.get("text_config")??{},"text_config"),{eps:1e-6,tied:e.flag("tie_word_embeddings",!1),tiedBySection:!0}),n=e.get("vision_feature_layer")??-2,o=(Array.isArray(n)?n:[n]).map(i=>{if(typeof i!="number"||!Number.isInteger(i))throw e.error(`vision_feature_layer must be a whole number or a list of them, found ${JSON.stringify(n)}`);return i<0?t.num_hidden_layers+1+i:i});if(o.length===0)throw e.error("vision_feature_layer: expected at least one layer, found none");let s={model_type:"llava",image_token_id:e.whole("image_token_index",e.whole("image_token_id",32e3,0),0),vision_config:t,feature_layers:o,post_norm:!1,drop_first:e.word("vision_feature_select_strategy",["default","full"],"default")==="default",connector:{kind:"mlp",activation:e.choice("projector_hidden_act",Ko,"gelu"),bias:e.flag("multimodal_projector_bias",!0)},text_config:r};return e.done(["image_seq_length","ignore_index","vocab_size"]),s},plainName:e=>e.replace(/^model\.(vision_tower|multi_modal_projector|language_model)\./,"$1.").replace(/^vision_tower\.(?!vision_model\.)/,"vision_tower.vision_model.").replace(/^language_model\.(?!model\.|lm_head)/,"language_model.model.").replace(/^lm_head\./,"language_model.lm_head."),moduleName:e=>e.replace(/^vision_tower\.vision_model\./,"model.vision_tower.").replace(/^multi_modal_projector\./,"model.multi_modal_projector.").replace(/^language_model\.model\./,"model.language_model.").replace(/^language_model\.lm_head\./,"lm_head.")};function wm(e){return e.word("model_type",["clip_vision_model","siglip_vision_model"],"clip_vision_model")==="clip_vision_model"?hr(e,"clip",Vo):hr(e,"siglip",pn)}var hn={llava:jc,idefics3:Go,smolvlm:Go};function mn(e){let t=new ye(e,""),r={...Bc(t.word("model_type",Object.keys(hn),"llava")).config(t),json:t.json},{num_hidden_layers:n}=r.vision_config;for(let i of r.feature_layers)if(!(i>=0&&i<=n))throw t.error(`vision_feature_layer: the tower has ${n} layers, so ${JSON.stringify(t.json.vision_feature_layer)} does not exist`);let{connector:o}=r,s=Math.sqrt(Ie(r.vision_config));if(o.kind==="pixel-shuffle"&&s%o.scale!==0)throw t.error(`scale_factor ${o.scale} does not divide the ${s} patches of a side`);return r}function je(e){return Bc(e.model_type)}function Bc(e){let t=hn[e];if(!t)throw new $(`config.json: model_type must be ${Object.keys(hn).join(" or ")}, found "${e}"`);return t}function Wt({vision_config:e,drop_first:t,connector:r}){let n=Ie(e)+(e.kind==="clip"?1:0)-(t?1:0);return r.kind==="mlp"?n:n/r.scale**2}function gn({vision_config:e,feature_layers:t,connector:r}){return e.hidden_size*t.length*(r.kind==="mlp"?1:r.scale**2)}function mr({feature_layers:e}){return Math.max(...e)}var _m={constant:0},ym={constant:1};function me(e,t,r,n=1){let o={normal:n/Math.sqrt(r)};return{name:`${e}.weight`,shape:[t,r],init:o,linear:!0}}function ge(e,t){return{name:`${e}.bias`,shape:[t],init:_m}}function Ft(e,t){return[[gr(e,t)],[ge(e,t)]]}function gr(e,t){return{name:`${e}.weight`,shape:[t],init:ym}}function wn(e){return e.map(t=>t.map(r=>({...r,idle:!0})))}function Kt(e){return[{name:"vision",bundles:vm(e)},{name:"projector",bundles:$m(e)},{name:"language",bundles:km(e)}]}function vm(e){let{vision_config:t}=e,r=je(e).names.vision,n=t.hidden_size,o=Ie(t),s=t.kind==="clip",i={name:`${r}.embeddings.patch_embedding.weight`,shape:[n,t.num_channels,t.patch_size,t.patch_size],init:{normal:1/Math.sqrt(t.num_channels*t.patch_size**2)}},a={name:`${r}.embeddings.position_embedding.weight`,shape:[s?o+1:o,n],init:{normal:.1}},u=s?[[{name:`${r}.embeddings.class_embedding`,shape:[n],init:{normal:.02}}],[i],[a],...Ft(`${r}.pre_layrnorm`,n)]:[[i],[ge(`${r}.embeddings.patch_embedding`,n)],[a]];for(let d=0;d<t.num_hidden_layers;d++){let l=bm(e,`${r}.encoder.layers.${d}`);u.push(...d<mr(e)?l:wn(l))}let c=Ft(`${r}.post_layernorm`,n);return u.push(...e.post_norm?c:wn(c)),t.vision_use_head&&u.push(...wn(xm(e,`${r}.head`))),u}function bm({vision_config:e},t){let r=e.hidden_size,n=1/Math.sqrt(2*e.num_hidden_layers),o=["q_proj","k_proj","v_proj"].map(s=>`${t}.self_attn.${s}`);return[o.map(s=>me(s,r,r)),o.map(s=>ge(s,r)),[me(`${t}.self_attn.out_proj`,r,r,n)],[ge(`${t}.self_attn.out_proj`,r)],...Ft(`${t}.layer_norm1`,r),[me(`${t}.mlp.fc1`,e.intermediate_size,r)],[ge(`${t}.mlp.fc1`,e.intermediate_size)],[me(`${t}.mlp.fc2`,r,e.intermediate_size,n)],[ge(`${t}.mlp.fc2`,r)],...Ft(`${t}.layer_norm2`,r)]}function xm({vision_config:e},t){let r=e.hidden_size,n=1/Math.sqrt(r);return[[{name:`${t}.probe`,shape:[1,1,r],init:{normal:n}}],[{name:`${t}.attention.in_proj_weight`,shape:[3*r,r],init:{normal:n}}],[{name:`${t}.attention.in_proj_bias`,shape:[3*r],init:{constant:0}}],[me(`${t}.attention.out_proj`,r,r)],[ge(`${t}.attention.out_proj`,r)],...Ft(`${t}.layernorm`,r),[me(`${t}.mlp.fc1`,e.intermediate_size,r)],[ge(`${t}.mlp.fc1`,e.intermediate_size)],[me(`${t}.mlp.fc2`,r,e.intermediate_size)],[ge(`${t}.mlp.fc2`,r)]]}function $m(e){let t=je(e).names.projector,r=gn(e),n=e.text_config.hidden_size;if(e.connector.kind==="pixel-shuffle")return[[me(`${t}.modality_projection.proj`,n,r)]];let o=(s,i)=>[[me(`${t}.${s}`,n,i)],...e.connector.kind==="mlp"&&e.connector.bias?[[ge(`${t}.${s}`,n)]]:[]];return[...o("linear_1",r),...o("linear_2",n)]}function km(e){let{text_config:t}=e,{language:r,head:n}=je(e).names,o=t.hidden_size,s=1/Math.sqrt(2*t.num_hidden_layers),i=[[{name:`${r}.embed_tokens.weight`,shape:[t.vocab_size,o],init:{normal:.05}}]];for(let a=0;a<t.num_hidden_layers;a++){let u=`${r}.layers.${a}`,c=t.num_attention_heads*t.head_dim,d=t.num_key_value_heads*t.head_dim,l=[["q_proj",c],["k_proj",d],["v_proj",d]],f=["gate_proj","up_proj"].map(p=>`${u}.mlp.${p}`);i.push(l.map(([p,h])=>me(`${u}.self_attn.${p}`,h,o))),t.attention_bias!=="none"&&i.push(l.map(([p,h])=>ge(`${u}.self_attn.${p}`,h))),i.push([me(`${u}.self_attn.o_proj`,o,c,s)]),t.attention_bias==="all"&&i.push([ge(`${u}.self_attn.o_proj`,o)]),i.push(f.map(p=>me(p,t.intermediate_size,o))),t.mlp_bias&&i.push(f.map(p=>ge(p,t.intermediate_size))),i.push([me(`${u}.mlp.down_proj`,o,t.intermediate_size,s)]),t.mlp_bias&&i.push([ge(`${u}.mlp.down_proj`,o)]),i.push([gr(`${u}.input_layernorm`,o)],[gr(`${u}.post_attention_layernorm`,o)])}return i.push([gr(`${r}.norm`,o)]),t.tie_word_embeddings||i.push([{...me(n.replace(/\.weight$/,""),t.vocab_size,o),linear:!1}]),i}function zc(e){let t=Math.fround,r=1/e,n=Em(e),o=t(1-1e-6),s=Array.from({length:e},(i,a)=>{let u=Math.min(t(t(a)*t(r)),o);return n.filter(c=>c<=u).length});return Int32Array.from({length:e*e},(i,a)=>s[Math.floor(a/e)]*e+s[a%e])}function Em(e){let t=1/e,r=Math.ceil((1-t)/t),n=Math.floor(r/16)*16;return Array.from({length:r},(o,s)=>s>=n?Math.fround(t+t*s):Math.fround(Math.fround(t+t*(s-s%8))+s%8*t))}function Dc(e,t,r){let n=new Int32Array(e*t*t),o=t/r,s=0;for(let i=0;i<e;i++)for(let a=0;a<o;a++)for(let u=0;u<o;u++)for(let c=0;c<r*r;c++){let d=r*a+Math.floor(c/r),l=r*u+c%r;n[s++]=(i*t+d)*t+l}return n}function _n(e,t){let r=new Int32Array(t*2),n=0;for(let o of e){for(let s=n;s<n+o;s++)r.set([n,n+o],2*s);n+=o}return r}var wr=class{size;#e;constructor(t,r){this.size=t,this.#e=r}async read(t){let r=new Float32Array(this.size);return await this.readInto(t,r),r}async readInto(t,r){for(let{start:n,tensor:o}of this.#e){if(o.dtype==="f16"){r.set(await o.read(t),n);continue}let s=o.view([o.size]);for(let i=0;i<o.size;i+=4194304){let a=s.rows(i,Math.min(4194304,o.size-i));r.set(await a.read(t),n+i)}}}write(t,r){if(r.length!==this.size)throw new Error(`expected ${this.size} values, found ${r.length}`);for(let{start:n,tensor:o}of this.#e)o.write(t,r.subarray(n,n+o.size))}};var Vt=64;function qc(e){let t=new Map,r=new Map,n=[],o=0;for(let s of e){let i=o;for(let a of s.bundles){let u=o,c=a.map(({name:l,shape:f,idle:p=!1})=>{let h={name:l,shape:f,offset:o,size:he(f),idle:p};return o+=h.size,t.set(l,h),h});o=Math.ceil(o/Vt)*Vt;let d=a.reduce((l,{shape:f})=>l+f[0],0);n.push({key:Ho(a.map(({name:l})=>l)),module:s.name,shape:[d,...a[0].shape.slice(1)],places:c,start:u,end:o})}r.set(s.name,{start:i,end:o})}return{places:t,ranges:r,bundles:n,size:o}}function Ho(e){return e.join(`
`)}var Uc=`// Element by element, four at a time: y (+)= value, a[i], a[0] (BROADCAST) or a[i]\xB7b[i].
// One invocation a vec4; the last one may be ragged, so buffers are rounded up to 16 bytes.

//#include spread

struct Params { count: u32, value: f32, add: u32 }

@group(0) @binding(0) var<storage, read_write> y: array<y_t>;
//#if INPUTS
@group(0) @binding(1) var<storage, read_write> a: array<a_t>;
//#end INPUTS
//#if PRODUCT
@group(0) @binding(2) var<storage, read_write> b: array<b_t>;
//#end PRODUCT
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn elementwise(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = 4u * item_index(id, groups);
  for (var i = first; i < min(first + 4u, p.count); i++) {
    //#if PRODUCT
    var value = f32(a[i]) * f32(b[i]);
    //#elif BROADCAST
    var value = f32(a[0]);
    //#elif INPUTS
    var value = f32(a[i]);
    //#else
    var value = p.value;
    //#end PRODUCT
    if (p.add != 0u) { value += f32(y[i]); }
    y[i] = y_t(value);
  }
}
`;var Om={name:"elementwise",wgsl:Uc,constants:({inputs:e,broadcast:t})=>({INPUTS:e,PRODUCT:+(e===2),BROADCAST:+(t===!0),PARAMS:e+1}),bindings:({inputs:e})=>["y","a","b"].slice(0,e+1),f16:["y","a","b"],params:({count:e,value:t,add:r})=>[e,ne(t??0),Number(r)],workgroup:()=>64,groups:({count:e},t)=>j(Math.ceil(e/4),t)};function Jo(e,t,r){let n=r[0].size;for(let{first:o,count:s}of on(e.gpu,n)){let i=a=>a.size===n?a.view([n]).rows(o,s):a;e.dispatch(Om,{...t,count:s},r.map(i))}}function Wc(e,t,r){Jo(e,{inputs:0,add:!1,value:r},[t])}function St(e,t,r){Jo(e,{inputs:1,add:!1},[t,r])}function _r(e,t,r){Jo(e,{inputs:1,add:!0},[t,r])}function Fc(e,t,r,n){let o=t.bindings(r);if(o.length!==n.length)throw new Error(`kernel ${t.name}: expected ${o.length} tensors (${o}), found ${n.length}`);let s=(t.textures?.(r)??[]).map(u=>o.indexOf(u));n.forEach((u,c)=>{if(s.includes(c))return;if(u.bytes>e.largestBinding)throw new fe(`kernel ${t.name}: ${o[c]} ("${u.slot.label}") takes ${u.bytes} bytes, over this adapter's largest binding of ${e.largestBinding}; use a smaller model or batch, or another adapter`);let d=n.findIndex((l,f)=>f>c&&!s.includes(f)&&yt(u,l));if(!(d<0))throw new Error(`kernel ${t.name}: ${o[c]} and ${o[d]} share memory ("${u.slot.label}"), but one dispatch may not bind the same memory twice: copy one of them`)});let i=o.filter((u,c)=>n[c].f16),a=i.find(u=>!t.f16?.includes(u));if(a!==void 0){let{slot:u}=n[o.indexOf(a)];throw new Error(`kernel ${t.name}: ${a} ("${u.label}") is f16, but the kernel takes it as f32 only`)}return{name:t.name,compiled:e.pipeline(t,r,i),slices:n,textured:s,params:t.params(r),groups:t.groups(r,t.workgroup?.(r)??e.workgroup),facts:u=>({kernel:t.name,variant:[fr(t,r),...i.length>0?[`f16 ${i}`]:[]].join(" "),bytes:n.reduce((c,{bytes:d})=>c+d,0),operations:t.operations?.(r,c=>{let d=n[o.indexOf(c)];return d&&u(d)})})}}function Kc(e,t,r){let{dispatches:n,groups:o,uses:s}=t,i;for(let a=0;a<r;a++){let u;n.forEach(({compiled:{pipeline:c},groups:[d,l,f]},p)=>{s[p].copies.length>0&&(i?.end(),i=u=void 0,Gc(e,t,p)),i??=e.beginComputePass(),c!==u&&i.setPipeline(u=c),i.setBindGroup(0,o[p]),i.dispatchWorkgroups(d,l,f)})}i?.end()}function Vc(e,t,r,n,o){for(let s=0;s<r;s++)t.dispatches.forEach(({compiled:{pipeline:i},groups:[a,u,c],facts:d},l)=>{Gc(e,t,l);let f=e.beginComputePass(n.time(d(o)));f.setPipeline(i),f.setBindGroup(0,t.groups[l]),f.dispatchWorkgroups(a,u,c),f.end()});n.end(e)}function Gc(e,{uses:t,arena:r,textures:n},o){for(let{slice:{slot:s,offset:i,bytes:a},texture:u}of t[o].copies)Ca(e,s.buffer??r,s.offset+i,a,n[u])}function Xo(e){let t=new Array(e.length).fill(0),r=e.map((s,i)=>i).sort((s,i)=>e[i].bytes-e[s].bytes||s-i),n=[],o=0;for(let s of r){let i=e[s],a=Math.ceil(i.bytes/256)*256,u=0;for(let d of n)if(!(d.last<i.first||d.first>i.last)){if(d.offset>=u+a)break;u=Math.max(u,d.end)}t[s]=u,o=Math.max(o,u+a);let c=n.findIndex(d=>d.offset>u);n.splice(c<0?n.length:c,0,{offset:u,end:u+a,...i})}return{offsets:t,total:o}}function Yo(e){let t=new Map;for(let{bytes:o,first:s,last:i}of e){let a=Math.ceil(o/256)*256;t.set(s,(t.get(s)??0)+a),t.set(i+1,(t.get(i+1)??0)-a)}let r=0,n=0;for(let o of[...t.keys()].sort((s,i)=>s-i))n=Math.max(n,r+=t.get(o));return n}var vn=class{gpu;#e=[];#t=new Map;#r=new Set;constructor(t){this.gpu=t}get length(){return this.#e.length}slot(t,r){return{label:r,bytes:Math.max(4,t),offset:0}}input(t,r,n){if(this.#t.has(t))throw new Error(`program input "${t}" is declared twice`);let o=this.slot(r,t);return this.#t.set(t,{slot:o,initial:n}),o}output(t){t.buffer||this.#r.add(t)}dispatch(t,r,n){this.#e.push(Fc(this.gpu,t,r,n))}need(){let t=[...this.#t.values()].map(({slot:i})=>i),r=new Set([...t,...this.#r]),{pieces:n}=Hc(this.#e,r),o=[...r].reduce((i,a)=>i+Math.ceil(a.bytes/256)*256,0),{needs:s}=Co(this.#e);return{arenaBytes:Xo(n).total,largestNeed:Yo(n),ownBytes:o+Jc(this.#e)*4,textureBytes:s.reduce((i,{format:a,rows:u})=>i+u*vt(a),0)}}compile(){return new Zo(this.gpu,this.#e,this.#t,this.#r)}};function Hc(e,t=new Set){let r=new Map;return e.forEach(({slices:n},o)=>{for(let{slot:s}of n){if(s.buffer||t.has(s))continue;let i=r.get(s);i?i.last=o:r.set(s,{bytes:s.bytes,first:o,last:o})}}),{slots:[...r.keys()],pieces:[...r.values()]}}function Jc(e){return Math.max(64,e.length*64)}var Zo=class{gpu;arenaBytes;largestNeed;#e;#t;#r=[];#n=[];#o;#s;#i;#c=new Uint8Array(0);#a;#u;constructor(t,r,n,o){this.gpu=t,this.#e=r,this.#t=n,this.#d();for(let l of o)l.buffer=t.buffer(l.bytes,l.label),l.offset=0,this.#r.push(l.buffer),this.#n.push(l.buffer);let{slots:s,pieces:i}=Hc(r),{offsets:a,total:u}=Xo(i);s.forEach((l,f)=>l.offset=a[f]),this.arenaBytes=u,this.largestNeed=Yo(i),this.#o=this.#f();let{needs:c,uses:d}=Co(r);this.#s=c,this.#i=d}get length(){return this.#e.length}#d(){let t=0;for(let{slot:r}of this.#t.values())r.offset=t,t+=Math.ceil(r.bytes/256)*256;if(t!==0){this.#a=this.gpu.buffer(t,"inputs"),this.#r.push(this.#a),this.#c=new Uint8Array(t);for(let{slot:r,initial:n}of this.#t.values())r.buffer=this.#a,n&&this.#c.set(new Uint8Array(n.buffer,n.byteOffset,n.byteLength),r.offset);this.gpu.device.queue.writeBuffer(this.#a,0,this.#c)}}#f(){let t=new Uint32Array(Jc(this.#e));this.#e.forEach(({params:o},s)=>{o.forEach((i,a)=>t[s*64+a]=i)});let r=GPUBufferUsage.UNIFORM|GPUBufferUsage.STORAGE|GPUBufferUsage.COPY_DST,n=this.gpu.buffer(t.byteLength,"params",r);return this.gpu.device.queue.writeBuffer(n,0,t),this.#r.push(n),n}#l(){let t=this.gpu.arena(this.arenaBytes),r=this.gpu.textures(this.#s),n=this.#u;if(n?.arena===t&&r.every((i,a)=>i===n.textures[a]))return n;let o=r.map(i=>i.createView()),s=this.#e.map(({name:i,compiled:{layout:a},slices:u,params:c},d)=>this.gpu.device.createBindGroup({label:i,layout:a,entries:[...u.map(({slot:l,offset:f,bytes:p},h)=>{let m=this.#i[d].textures[h];if(m!==void 0)return{binding:h,resource:o[m]};let g=l.buffer??t,w=Math.max(16,Math.ceil(p/16)*16);return{binding:h,resource:{buffer:g,offset:l.offset+f,size:w}}}),{binding:u.length,resource:{buffer:this.#o,offset:d*256,size:Math.max(16,Math.ceil(c.length/4)*16)}}]}));return this.#u={dispatches:this.#e,groups:s,uses:this.#i,textures:r,arena:t}}upload(t){for(let[r,n]of Object.entries(t)){let o=this.#t.get(r)?.slot;if(!o)throw new Error(`program has no input "${r}"; it has ${[...this.#t.keys()].join(", ")}`);if(n.byteLength>o.bytes)throw new Error(`input "${r}": expected at most ${o.bytes} bytes, found ${n.byteLength}`);this.#c.set(new Uint8Array(n.buffer,n.byteOffset,n.byteLength),o.offset)}this.#a&&this.gpu.device.queue.writeBuffer(this.#a,0,this.#c)}poison(){let{queue:t}=this.gpu.device,r=new Uint32Array(1<<18).fill(2143322048);for(let n of[this.gpu.arena(this.arenaBytes),...this.#n])for(let o=0;o<n.size;o+=r.byteLength)t.writeBuffer(n,o,r,0,Math.min(r.byteLength,n.size-o)/4)}run(t=1){this.gpu.check();let r=this.#l(),n=this.gpu.device.createCommandEncoder(),{profiler:o}=this.gpu;o?Vc(n,r,t,o,this.#p()):Kc(n,r,t),this.gpu.device.queue.submit([n.finish()])}#p(){let t=new Set([...this.#t.values()].map(({slot:r})=>r));return({slot:r,offset:n,bytes:o})=>t.has(r)?new Int32Array(this.#c.buffer,r.offset+n,o/4):void 0}destroy(){for(let t of this.#r)this.gpu.release(t);this.#r.length=0}};var Ae=class{gpu;storage;#e;#t;#r=[];#n=new Map;#o=new Set;#s;#i=!0;#c=0;constructor(t,{storage:r="f32",checkpoint:n=!1}={}){Qo(t,r),this.gpu=t,this.storage=r,this.#e=n,this.#t=new vn(t)}get length(){return this.#t.length}input(t,r,n="f32"){return new oe(r,n,this.#t.input(t,he(r)*pe[n]))}constant(t,r=[t.length]){let n=`constant ${this.#c++}`,o=t instanceof Int32Array?"i32":"f32";return new oe(r,o,this.#t.input(n,t.byteLength,t))}empty(t,r,n="f32"){return new oe(t,n,this.#t.slot(he(t)*pe[n],r))}result(t,r){return this.empty(t,r,this.storage)}dispatch(t,r,n){this.#t.dispatch(t,r,n.map(o=>o.slice))}noGrad(t){let r=this.#i;this.#i=!1;try{return t()}finally{this.#i=r}}checkpoint(t){if(!this.#e||!this.#i)return t();let r=this.#r;this.#r=[];let n=t();return this.#r=r,n.requiresGrad&&this.differentiable(n.origin,o=>this.#a(t,n,o)),n}#a(t,r,n){let o=this.#r;this.#r=[],this.#i=!0;let s=t();this.#i=!1,this.#n.delete(r.origin),this.#n.set(s.origin,n),this.#u(),this.#r=o}needsGrad(...t){return this.#i&&t.some(r=>r?.requiresGrad)}gradientWanted(...t){return t.some(r=>r?.requiresGrad)}differentiable(t,r){t.requiresGrad=!0,this.#r.push({output:t,backward:r})}backward(t,r){if(!t.requiresGrad)throw new Error("backward: the loss does not depend on a tensor that requires a gradient");if(!r){if(t.size!==1)throw new Error(`backward: the loss must be a scalar, found shape [${t.shape}]`);r=this.empty(t.shape,"seed"),Wc(this,r,1)}this.#n.set(t.origin,r),this.#s=r,this.noGrad(()=>this.#u()),this.#r.length=0}#u(){for(let{output:t,backward:r}of this.#r.reverse()){let n=this.#n.get(t);n&&(this.#o.clear(),n===this.#s&&this.#o.add(n),r(n),n!==this.#s&&this.#o.has(n)&&this.#n.delete(t))}}gradient(t){return t.gradient??bn(this.#n.get(t.origin),t.shape)}target(t){if(!t?.requiresGrad)return;if(t.gradient)return{tensor:t.gradient,add:!0};let r=bn(this.#n.get(t.origin),t.shape);if(r)return{tensor:r,add:!0};let n=this.empty(t.shape,`d ${t.slot.label}`);return this.#n.set(t.origin,bn(n,t.origin.shape)),{tensor:n,add:!1}}assign(t,r){let n=this.target(t);if(!n)return;if(!n.add)return r(n.tensor);let o=this.empty(n.tensor.shape,`part of d ${t.slot.label}`);r(o),_r(this,n.tensor,o)}pass(t,r){if(!t?.requiresGrad)return;if(!t.gradient&&!this.#n.has(t.origin)&&!this.#o.has(r)){this.#o.add(r),this.#n.set(t.origin,bn(r,t.origin.shape));return}let n=this.target(t);if(!n.add)return St(this,n.tensor,r);_r(this,n.tensor,this.apart(r,n.tensor))}apart(t,r){if(!t||!yt(t.slice,r.slice))return t;let n=this.empty(t.shape,`copy of ${t.slot.label}`,t.dtype);return St(this,n,t),n}output(t){return this.#t.output(t.slot),t}need(){return this.#t.need()}compile(){return this.#t.compile()}};function bn(e,t){return e?.shape.length===t.length&&e.shape.every((n,o)=>n===t[o])?e:e?.view(t)}function Qo(e,t){if(!(t==="f32"||e.device.features.has("shader-f16")))throw new $(`f16 storage needs the WebGPU feature shader-f16, which this adapter (${e.facts.description}) does not offer; store in f32, or choose another adapter`)}var yr=class{gpu;places;modules;size;trainable;storage;values;#e=new Map;#t=[];constructor(t,r,{trainable:n,storage:o="f32"}={}){Qo(t,o),this.gpu=t,this.trainable=new Set(n??r.map(({name:d})=>d)),this.storage=o;let{places:s,ranges:i,bundles:a,size:u}=qc(r);this.places=s,this.modules=i,this.size=u;try{this.#r(a)}catch(d){throw this.destroy(),d}let c=this.#t.length>0&&a.every(({key:d})=>this.#e.get(d).segment);this.values=new wr(u,c?this.#t.map(({start:d,values:l})=>({start:d,tensor:l})):a.map(({key:d,start:l})=>({start:l,tensor:this.#e.get(d).bundle.tensor})))}#r(t){let{gpu:r}=this,n=Math.floor(r.largestBuffer/4/Vt)*Vt,o=[],s=0,i=()=>{if(o.length===0)return;let a={start:o[0].start,values:oe.of(r,[s]),runs:[]};this.#t.push(a);let u=0;for(let{key:c,module:d,places:l,shape:f,start:p,end:h}of o){let m=new oe(f,"f32",a.values.slot,u*4);if(this.#e.set(c,{bundle:{module:d,places:l,tensor:m},segment:a}),this.trainable.has(d)){let g=a.runs.at(-1);g?.end===p?g.end=h:a.runs.push({start:p,end:h})}u+=h-p}o=[],s=0};for(let a of t){let{key:u,module:c,places:d,shape:l,start:f,end:p}=a,h=this.storage==="f16"&&l.length>1&&!this.trainable.has(c),m=(p-f)*(h?2:4);if(m>r.largestBuffer){let g=d.map(({name:_})=>_).join(" + "),w=this.storage==="f32"?"; --storage f16 halves what is frozen":"";throw new fe(`${g}: ${m} bytes are over this adapter's largest buffer, ${r.largestBuffer} bytes${w}`)}if(h){let g=oe.of(r,l,void 0,"f16");this.#e.set(u,{bundle:{module:c,places:d,tensor:g},segment:void 0});continue}s+p-f>n&&i(),o.push(a),s+=p-f}i()}static initial(t,r,n){let o=new Float32Array(t.size);for(let s of r.flatMap(({bundles:i})=>i.flat()))o.set(es(s,n),t.places.get(s.name).offset);return o}get bundles(){let t=({places:r})=>r[0].offset;return[...this.#e.values()].map(({bundle:r})=>r).sort((r,n)=>t(r)-t(n))}get gradients(){let t=this.#t.flatMap(({runs:r})=>r).flatMap(r=>[{start:r.start,tensor:this.#n(r)}]);return new wr(this.size,t)}#n(t){return t.gradients??=oe.of(this.gpu,[t.end-t.start])}stretches(t){let r=t.map(s=>{let i=this.modules.get(s);if(!i)throw new Error(`no module "${s}"; there are ${[...this.modules.keys()].join(", ")}`);if(!this.trainable.has(s))throw new Error(Xc(s,this.trainable));return i}),n=Math.min(...r.map(({start:s})=>s)),o=Math.max(...r.map(({end:s})=>s));return this.#t.flatMap(s=>s.runs.flatMap(i=>{let a=Math.max(i.start,n),u=Math.min(i.end,o);if(a>=u)return[];let c=this.#o(s,i.start),d=({slot:l},f)=>new oe([u-a],"f32",l,(f+a-i.start)*4);return[{start:a,end:u,values:d(s.values,c),gradients:d(this.#n(i),0)}]}))}#o(t,r){for(let{bundle:n,segment:o}of this.#e.values())if(o===t&&n.places[0].offset===r)return n.tensor.offset/4;throw new Error(`no bundle starts at ${r}`)}tensor(t,r){let n=this.#e.get(Ho(t));if(!n)throw new Error(`no parameters ${t.join(" + ")}`);let{bundle:{module:o,places:s,tensor:{shape:i,dtype:a,slot:u,offset:c}},segment:d}=n,l=new oe(i,a,u,c);if(!r)return l;let f=s[0].offset,p=d?.runs.find(({start:h,end:m})=>f>=h&&f<m);if(!p)throw new Error(Xc(o,this.trainable));return l.requiresGrad=!0,l.gradient=new oe(i,"f32",this.#n(p).slot,(f-p.start)*4),l}single(t){for(let{bundle:{places:r,tensor:n}}of this.#e.values()){let o=r.find(i=>i.name===t);if(!o)continue;if(n.dtype!=="f32")throw new Error(`${t} is held in 16 bits; load it in 32`);let s=4*(o.offset-r[0].offset);return new oe(o.shape,"f32",n.slot,n.offset+s)}throw new Error(`no parameter ${t}`)}of(t,r){let{offset:n,size:o}=this.places.get(r);return t.subarray(n,n+o)}get count(){return[...this.places.values()].reduce((t,{size:r})=>t+r,0)}destroy(){for(let{bundle:t,segment:r}of this.#e.values())r||t.tensor.destroy(this.gpu);for(let{values:t,runs:r}of this.#t){t.destroy(this.gpu);for(let{gradients:n}of r)n?.destroy(this.gpu)}this.#e.clear(),this.#t.length=0}};function es({name:e,shape:t,init:r},n){let o=n.fork(e);return Float32Array.from({length:he(t)},()=>"normal"in r?r.normal*o.normal():"uniform"in r?r.uniform*(2*o.next()-1):r.constant)}function Xc(e,t){return`the module ${e} has no gradients: the model was made to train ${[...t].join(", ")||"nothing"}. Load it with ${e} among \`trainable\``}var be="lora";function $n(e){return e.replace(/\.weight$/,"")}function Yc(e,t){let r=new Map,n=[];for(let o of e.flatMap(({bundles:s})=>s)){let s=[],i=[];for(let{name:a,shape:[u=0,c=0],linear:d,idle:l}of o){let f=d&&!l?t(a):void 0;if(!f)continue;let p=$n(a),{rank:h}=f,m={...f,a:`${p}.lora_A.weight`,b:`${p}.lora_B.weight`};r.set(a,m),s.push({name:m.a,shape:[h,c],init:{uniform:1/Math.sqrt(c)}}),i.push({name:m.b,shape:[u,h],init:{constant:0}})}s.length>0&&n.push(s,...i.map(a=>[a]))}return{module:{name:be,bundles:n},sites:r}}var xn=class{plan;dropout;seed;scaling;#e;#t=new Map;constructor(t,r,{dropout:n,seed:o,scaling:s}){this.#e=t,this.plan=r,this.dropout=n,this.seed=o,this.scaling=s;let i=new Re(o).fork("dropout");for(let a of r.sites.keys())this.#t.set(a,i.fork(a).int(2**32))}start(){let t=new Re(this.seed).fork(be);for(let r of this.plan.module.bundles){let n=this.#e.tensor(r.map(({name:s})=>s),!1),o=r.flatMap(s=>[...es(s,t)]);n.write(this.#e.gpu,Float32Array.from(o))}}of(t,r,n){let{sites:o}=this.plan,s=t.filter(c=>o.has(c));if(s.length===0)return;let i=0,a=t.flatMap(c=>{let d=o.get(c),l=i;return i+=this.#e.places.get(c).shape[0],d?[{b:this.#e.tensor([d.b],r),first:l,scale:d.scale}]:[]}),u=this.#e.tensor(s.map(c=>o.get(c).a),r);return!n||this.dropout===0?{a:u,parts:a}:{a:u,parts:a,dropout:{...n,share:this.dropout,site:this.#t.get(s[0])}}}};function Zc(e,t){let r=0;for(let n=0;2*n<e.length;n++){let o=e[2*n],s=e[2*n+1];s>o&&(r+=t?n+1-o:s-o)}return r}function kn({pass:e}){return["qkv","span","o","lse",...e==="forward"?[]:["d_o","delta","dqkv"]]}var Am=2048;function Gt(e,t=Am){return{BLOCK:e>t?t:0}}function En(e){let{rows:t,heads:r,groups:n,headSize:o,causal:s,scale:i=1/Math.sqrt(o)}=e;return[t,r,n,Number(s),ne(i)]}var Tm={forward:2,queries:3,keys:4};function Sn({heads:e,headSize:t,causal:r,pass:n},o){let s=o("span");return s&&2*t*Tm[n]*e*Zc(s,r)}var Qc=`// Attention over packed sequences, without a T\xD7T buffer: the form that holds everything in registers, for CPU drivers.
//
//   o = softmax(q\xB7K\u1D40\xB7scale)\xB7V by running maximum; keeps lse = log \u03A3 exp  [rows, heads]
//
// qkv [rows, (heads + 2\xB7groups)\xB7D] holds a row's queries, keys and values side by side; query head h uses
// key-value head h / (heads/groups). span [rows, 2] gives the first row and the end (excluded) of the
// sequence a row belongs to; end <= first marks padding, whose results are 0. Causal rows see up to themselves.
// attention_queries.wgsl and attention_keys.wgsl are the backward passes.
//
// An invocation holds ROWS neighbouring rows of a head in registers, so that what it loads of the keys and values serves
// them all; rows that do not see a key are masked. They are read again for every tile of rows: through a texture, where
// it is large enough (src/gpu/program/textures.ts). With BLOCK, which long batches have, so many rows are added up at a
// time. Loops: at most two neighbouring sequences' rows and their blocks, which must stay under 65,535.

//#include spread
//#include attention_operands
@group(0) @binding(4) var<uniform> p: Params;
//#include spans
//#include lane_sum

@compute @workgroup_size(\${WORKGROUP})
fn attention_forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let head = i % p.heads;
  let row = (i / p.heads) * \${ROWS}u;
  if (row >= p.rows) { return; }
  var first = 0xffffffffu;
  var end = 0u;
  //#repeat r ROWS
  let row\${r} = min(row + \${r}u, p.rows - 1u);
  let range\${r} = sees(row + \${r}u);
  first = min(first, range\${r}.x);
  end = max(end, range\${r}.y);
  //#repeat d D4
  let own\${r}_\${d} = load_qkv(row\${r} * qkv_stride() + query_at(head) + \${d}u);
  var o\${r}_\${d} = vec4f();
  //#end d
  var most\${r} = LOW;
  var sum\${r} = 0.0;
  //#if BLOCK
  let sequence\${r} = sequence(row + \${r}u);
  var all_most\${r} = LOW; // of the blocks before, their sums
  var all_sum\${r} = 0.0;
  //#repeat d D4
  var all\${r}_\${d} = vec4f();
  //#end d
  //#end BLOCK
  //#end r
  first = min(first, end);
  let group = head / (p.heads / p.groups);
  let keys = key_at(group);
  let values = value_at(group);
  //#if BLOCK
  for (var start = first; start < end;) {
  var stop = end;
  //#repeat r ROWS
  stop = min(stop, block_end(start, sequence\${r}));
  //#end r
  for (var j = start; j < stop; j++) {
  //#else
  for (var j = first; j < end; j++) {
  //#end BLOCK
    let key = j * qkv_stride() + keys;
    let value = j * qkv_stride() + values;
    //#repeat d D4
    let other\${d} = load_qkv(key + \${d}u);
    let v\${d} = load_qkv(value + \${d}u);
    //#end d
    //#repeat r ROWS
    //#include attention_score
    let visible\${r} = j >= range\${r}.x && j < range\${r}.y;
    let score\${r} = select(LOW, lane_sum(s\${r}) * p.scale, visible\${r});
    let top\${r} = max(most\${r}, score\${r});
    let fade\${r} = exp(most\${r} - top\${r});
    let e\${r} = select(0.0, exp(score\${r} - top\${r}), visible\${r});
    most\${r} = top\${r};
    sum\${r} = sum\${r} * fade\${r} + e\${r};
    //#repeat d D4
    o\${r}_\${d} = fma(vec4f(e\${r}), v\${d}, o\${r}_\${d} * fade\${r});
    //#end d
    //#end r
  }
  //#if BLOCK
  start = stop;
  //#repeat r ROWS
  if (ends_block(stop, range\${r})) {
    let fade = exp(all_most\${r} - most\${r});
    all_most\${r} = most\${r};
    all_sum\${r} = fma(all_sum\${r}, fade, sum\${r});
    sum\${r} = 0.0;
    //#repeat d D4
    all\${r}_\${d} = fma(all\${r}_\${d}, vec4f(fade), o\${r}_\${d});
    o\${r}_\${d} = vec4f();
    //#end d
  }
  //#end r
  }
  //#end BLOCK
  //#repeat r ROWS
  //#if BLOCK
  let all_fade\${r} = exp(all_most\${r} - most\${r});
  sum\${r} = fma(all_sum\${r}, all_fade\${r}, sum\${r});
  //#repeat d D4
  o\${r}_\${d} = fma(all\${r}_\${d}, vec4f(all_fade\${r}), o\${r}_\${d});
  //#end d
  //#end BLOCK
  if (row + \${r}u < p.rows) {
    let inverse = select(0.0, 1.0 / sum\${r}, sum\${r} > 0.0);
    //#repeat d D4
    o[row\${r} * o_stride() + query_at(head) + \${d}u] = o_t4(o\${r}_\${d} * inverse);
    //#end d
    lse[row\${r} * p.heads + head] = select(0.0, most\${r} + log(sum\${r}), sum\${r} > 0.0);
  }
  //#end r
}
`;var eu=`// The gradients of attention's keys and values, in registers: attention_forward.wgsl says how everything lies.
//
//   dk = scale\xB7\u03A3_i d_score_i\xB7q_i,  dv = \u03A3_i weight_i\xB7dO_i, over the queries i that see the row, of all heads of the group;
//   d_score_i = weight_i\xB7(dO_i\xB7v \u2212 delta_i),  weight_i = exp(score_i \u2212 lse_i)
//
// Runs after attention_queries.wgsl, which writes delta. An invocation holds ROWS neighbouring rows of a key-value head:
// their keys and values; queries and dO are what it reads again and again.
// Loops: at most two neighbouring sequences' rows and their blocks times heads/groups, which must stay under 65,535 trips.

//#include spread
//#include attention_operands
//#include attention_gradients
@group(0) @binding(7) var<uniform> p: Params;
//#include spans
//#include lane_sum

@compute @workgroup_size(\${WORKGROUP})
fn attention_keys(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let group = i % p.groups;
  let row = (i / p.groups) * \${ROWS}u;
  if (row >= p.rows) { return; }
  var first = 0xffffffffu;
  var end = 0u;
  //#repeat r ROWS
  let row\${r} = min(row + \${r}u, p.rows - 1u);
  let range\${r} = seen_by(row + \${r}u);
  first = min(first, range\${r}.x);
  end = max(end, range\${r}.y);
  let key\${r} = row\${r} * qkv_stride() + key_at(group);
  let value\${r} = row\${r} * qkv_stride() + value_at(group);
  //#repeat d D4
  let own\${r}_\${d} = load_qkv(key\${r} + \${d}u);
  let own_value\${r}_\${d} = load_qkv(value\${r} + \${d}u);
  var dk\${r}_\${d} = vec4f();
  var dv\${r}_\${d} = vec4f();
  //#end d
  //#if BLOCK
  let sequence\${r} = sequence(row + \${r}u);
  //#repeat d D4
  var all_dk\${r}_\${d} = vec4f();
  var all_dv\${r}_\${d} = vec4f();
  //#end d
  //#end BLOCK
  //#end r
  first = min(first, end);
  let share = p.heads / p.groups;
  for (var head = group * share; head < (group + 1u) * share; head++) {
    //#if BLOCK
    for (var start = first; start < end;) {
    var stop = end;
    //#repeat r ROWS
    stop = min(stop, block_end(start, sequence\${r}));
    //#end r
    for (var j = start; j < stop; j++) {
    //#else
    for (var j = first; j < end; j++) {
    //#end BLOCK
      let query = j * qkv_stride() + query_at(head);
      let out = j * o_stride() + query_at(head);
      let lse_j = lse[j * p.heads + head];
      let delta_j = delta[j * p.heads + head];
      //#repeat d D4
      let other\${d} = load_qkv(query + \${d}u);
      let other_value\${d} = load_d_o(out + \${d}u);
      //#end d
      //#repeat r ROWS
      let lse\${r} = lse_j;
      let delta\${r} = delta_j;
      //#include attention_pair
      //#repeat d D4
      dk\${r}_\${d} = fma(vec4f(d_score\${r}), other\${d}, dk\${r}_\${d});
      dv\${r}_\${d} = fma(vec4f(weight\${r}), other_value\${d}, dv\${r}_\${d});
      //#end d
      //#end r
    }
    //#if BLOCK
    start = stop;
    //#repeat r ROWS
    if (ends_block(stop, range\${r})) {
      //#repeat d D4
      all_dk\${r}_\${d} += dk\${r}_\${d};
      all_dv\${r}_\${d} += dv\${r}_\${d};
      dk\${r}_\${d} = vec4f();
      dv\${r}_\${d} = vec4f();
      //#end d
    }
    //#end r
    }
    //#end BLOCK
  }
  //#repeat r ROWS
  //#if BLOCK
  //#repeat d D4
  dk\${r}_\${d} += all_dk\${r}_\${d};
  dv\${r}_\${d} += all_dv\${r}_\${d};
  //#end d
  //#end BLOCK
  if (row + \${r}u < p.rows) {
    //#repeat d D4
    dqkv[key\${r} + \${d}u] = dk\${r}_\${d} * p.scale;
    dqkv[value\${r} + \${d}u] = dv\${r}_\${d};
    //#end d
  }
  //#end r
}
`;var tu=`// The gradient of attention's queries, in registers: attention_forward.wgsl says how everything lies.
//
//   delta = dO\xB7o,  dq = scale\xB7\u03A3_j d_score_j\xB7k_j,  d_score_j = weight_j\xB7(dO\xB7v_j \u2212 delta),  weight_j = exp(score_j \u2212 lse)
//
// Runs before attention_keys.wgsl, which reads delta; together they write all of dqkv. An invocation holds ROWS
// neighbouring rows of a head: their queries and dO. Loops: at most two neighbouring sequences' rows and their
// blocks, under 65,535.

//#include spread
//#include attention_operands
//#include attention_gradients
@group(0) @binding(7) var<uniform> p: Params;
//#include spans
//#include lane_sum

@compute @workgroup_size(\${WORKGROUP})
fn attention_queries(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let head = i % p.heads;
  let row = (i / p.heads) * \${ROWS}u;
  if (row >= p.rows) { return; }
  var first = 0xffffffffu;
  var end = 0u;
  //#repeat r ROWS
  let row\${r} = min(row + \${r}u, p.rows - 1u);
  let range\${r} = sees(row + \${r}u);
  first = min(first, range\${r}.x);
  end = max(end, range\${r}.y);
  let query\${r} = row\${r} * qkv_stride() + query_at(head);
  let out\${r} = row\${r} * o_stride() + query_at(head);
  var delta\${r} = 0.0;
  //#repeat d D4
  let own\${r}_\${d} = load_qkv(query\${r} + \${d}u);
  let own_value\${r}_\${d} = load_d_o(out\${r} + \${d}u);
  delta\${r} += dot(own_value\${r}_\${d}, vec4f(o[out\${r} + \${d}u]));
  var dq\${r}_\${d} = vec4f();
  //#end d
  let lse\${r} = lse[row\${r} * p.heads + head];
  //#if BLOCK
  let sequence\${r} = sequence(row + \${r}u);
  //#repeat d D4
  var all\${r}_\${d} = vec4f();
  //#end d
  //#end BLOCK
  //#end r
  first = min(first, end);
  let group = head / (p.heads / p.groups);
  let keys = key_at(group);
  let values = value_at(group);
  //#if BLOCK
  for (var start = first; start < end;) {
  var stop = end;
  //#repeat r ROWS
  stop = min(stop, block_end(start, sequence\${r}));
  //#end r
  for (var j = start; j < stop; j++) {
  //#else
  for (var j = first; j < end; j++) {
  //#end BLOCK
    let key = j * qkv_stride() + keys;
    let value = j * qkv_stride() + values;
    //#repeat d D4
    let other\${d} = load_qkv(key + \${d}u);
    let other_value\${d} = load_qkv(value + \${d}u);
    //#end d
    //#repeat r ROWS
    //#include attention_pair
    //#repeat d D4
    dq\${r}_\${d} = fma(vec4f(d_score\${r}), other\${d}, dq\${r}_\${d});
    //#end d
    //#end r
  }
  //#if BLOCK
  start = stop;
  //#repeat r ROWS
  if (ends_block(stop, range\${r})) {
    //#repeat d D4
    all\${r}_\${d} += dq\${r}_\${d};
    dq\${r}_\${d} = vec4f();
    //#end d
  }
  //#end r
  }
  //#end BLOCK
  //#repeat r ROWS
  //#if BLOCK
  //#repeat d D4
  dq\${r}_\${d} += all\${r}_\${d};
  //#end d
  //#end BLOCK
  if (row + \${r}u < p.rows) {
    delta[row\${r} * p.heads + head] = delta\${r};
    //#repeat d D4
    dqkv[query\${r} + \${d}u] = dq\${r}_\${d} * p.scale;
    //#end d
  }
  //#end r
}
`;function ts(e,t){return{name:`attention_${e}`,wgsl:t,f16:["qkv","o"],textures:({textures:r})=>r?e==="keys"?["qkv","d_o"]:["qkv"]:[],constants:r=>({D4:r.headSize/4,D4MORE:r.headSize/4-1,ROWS:r.tile,...Gt(r.rows)}),bindings:kn,params:En,groups:({rows:r,heads:n,groups:o,tile:s},i)=>j(Math.ceil(r/s)*(e==="keys"?o:n),i),operations:Sn}}var Lm={forward:ts("forward",Qc),queries:ts("queries",tu),keys:ts("keys",eu)};function Rm(e,t){let{headSize:r}=e;return{...e,tile:r<=64?4:r<=128?2:1,textures:t}}function ru(e,t,r){let n=r[0].size<=e.gpu.largestTexture;e.dispatch(Lm[t.pass],Rm(t,n),r)}var nu=`// Attention over packed sequences with tiles in workgroup memory: the form for GPUs. What is computed is what
// attention_forward.wgsl says, blocks/attention_tile.wgsl how; attention_tiled_queries.wgsl and
// attention_tiled_keys.wgsl are the backward passes.
//
// Eight invocations share a row and agree on its maximum through workgroup memory. A row's results do not depend on
// which other rows are in the batch: sums run over the other side's rows in order, and weights e^s = 2^n\xB7e^r, n whole,
// are scaled by powers of two, which rounds nothing, wherever tiles begin.

//#include spread
//#include attention_operands
@group(0) @binding(4) var<uniform> p: Params;
//#include spans

fn range(row: u32) -> vec2u { return sees(row); }

// The vec4 at \`at\` of a row of qkv; there is no gradient here.
fn load(gradient: bool, row: u32, at: u32) -> vec4f { return load_qkv(row * qkv_stride() + at); }

//#include attention_tile
//#include across_tile

const LOG2_E = 1.44269504;
// ln 2 in two parts (Cody and Waite 1980): products of the first with whole numbers are exact.
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.12194440e-4;

// 2^e of whole numbers up to 0, exactly; 2^-126 for all below.
fn power_of_two(e: vec4f) -> vec4f {
  return bitcast<vec4f>((vec4i(max(e, vec4f(-126.0))) + vec4i(127)) << vec4u(23u));
}

@compute @workgroup_size(\${WORKGROUP})
fn attention_tiled_forward(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = group_index(group_id, groups);
  let tx = i % 8u;
  let ty = i / 8u;
  let head = index % p.heads;
  let own_row = index / p.heads * 32u;
  if (own_row >= p.rows) { return; }
  let row = own_row + 4u * ty;
  let all = tile_range(own_row, i);
  //#if BLOCK
  let seen = own_ranges(ty);
  //#else
  let end = all.y;
  let own = own_ranges(ty);
  //#end BLOCK
  let group = head / (p.heads / p.groups);
  let queries = Tile(false, own_row, query_at(head));

  //#repeat c VCOLS
  //#repeat r 4
  var sum0_\${c}_\${r} = vec4f();
  //#if BLOCK
  var all0_\${c}_\${r} = vec4f();
  //#end BLOCK
  //#end r
  //#end c
  var most = vec4f(LOW);
  var weight_sum = vec4f();
  //#if BLOCK
  var all_most = vec4f(LOW); // of the blocks before, their sums
  var all_weight_sum = vec4f();
  //#end BLOCK
  //#if BLOCK
  for (var start = all.x; start < all.y;) {
  let end = tile_stop(start, all.y, i);
  let own = Ranges(seen.first, min(seen.end, vec4u(end)));
  for (var other = start; other < end; other += 32u) {
  //#else
  for (var other = all.x; other < end; other += 32u) {
  //#end BLOCK
    var weights0 = scores(queries, Tile(false, other, key_at(group)), end, i);
    var top = vec4f(LOW);
    //#repeat c 4
    let visible\${c} = visible(other + tx + \${8 * c}u, own);
    let score\${c} = weights0[\${c}] * p.scale;
    let power\${c} = select(vec4f(LOW), floor(score\${c} * LOG2_E), visible\${c});
    top = max(top, power\${c});
    //#end c
    top = max_across(top, most, tx, ty);
    let fade = power_of_two(most - top);
    most = top;
    weight_sum *= fade;
    //#repeat c 4
    {
      let rest = min(score\${c} - power\${c} * LN2_HIGH - power\${c} * LN2_LOW, vec4f(1.0)); // of others any finite value
      weights0[\${c}] = select(vec4f(), exp(rest) * power_of_two(power\${c} - top), visible\${c});
    }
    //#end c
    //#repeat c VCOLS
    //#repeat r 4
    sum0_\${c}_\${r} *= fade[\${r}];
    //#end r
    //#end c
    let summands0 = Tile(false, other, value_at(group));
    //#repeat g 1
    //#include attention_tile_sums
    //#end g
  }
  //#if BLOCK
  start = end;
  let full = end_blocks(end, ty);
  let all_fade = power_of_two(all_most - most);
  all_weight_sum = select(all_weight_sum, all_weight_sum * all_fade + weight_sum, full);
  weight_sum = select(weight_sum, vec4f(), full);
  all_most = select(all_most, most, full);
  //#repeat r 4
  if (full[\${r}]) {
    //#repeat c VCOLS
    all0_\${c}_\${r} = all0_\${c}_\${r} * all_fade[\${r}] + sum0_\${c}_\${r};
    sum0_\${c}_\${r} = vec4f();
    //#end c
  }
  //#end r
  }
  let last_fade = power_of_two(all_most - most);
  weight_sum += all_weight_sum * last_fade;
  //#repeat c VCOLS
  //#repeat r 4
  sum0_\${c}_\${r} += all0_\${c}_\${r} * last_fade[\${r}];
  //#end r
  //#end c
  //#end BLOCK

  let some = weight_sum > vec4f();
  let inverse = select(vec4f(), 1.0 / weight_sum, some);
  let log_sum = select(vec4f(), most * LN2_HIGH + (most * LN2_LOW + log(weight_sum)), some);
  //#repeat r 4
  if (row + \${r}u < p.rows) {
    if (tx == 0u) { lse[(row + \${r}u) * p.heads + head] = log_sum[\${r}]; }
    //#repeat c VCOLS
    if (tx + \${8 * c}u < \${D4}u) {
      o[(row + \${r}u) * o_stride() + query_at(head) + tx + \${8 * c}u] = o_t4(sum0_\${c}_\${r} * inverse[\${r}]);
    }
    //#end c
  }
  //#end r
}
`;var ou=`// The gradients of attention's keys and values with tiles in workgroup memory: what is computed is what
// attention_keys.wgsl says, blocks/attention_tile.wgsl how. Sum 0 is dv = \u03A3 weight\xB7dO, sum 1 is dk = \u03A3 d_score\xB7q.

//#include spread
//#include attention_operands
//#include attention_gradients
@group(0) @binding(7) var<uniform> p: Params;
//#include spans

fn range(row: u32) -> vec2u { return seen_by(row); }

//#include attention_tile_backward
//#include attention_tile

@compute @workgroup_size(\${WORKGROUP})
fn attention_tiled_keys(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = group_index(group_id, groups);
  let tx = i % 8u;
  let ty = i / 8u;
  let group = index % p.groups;
  let own_row = index / p.groups * 32u;
  if (own_row >= p.rows) { return; }
  let row = own_row + 4u * ty;
  let all = tile_range(own_row, i);
  //#if BLOCK
  let seen = own_ranges(ty);
  //#else
  let end = all.y;
  let own = own_ranges(ty);
  //#end BLOCK
  let keys = Tile(false, own_row, key_at(group));
  let values = Tile(false, own_row, value_at(group));

  //#repeat g 2
  //#repeat c VCOLS
  //#repeat r 4
  var sum\${g}_\${c}_\${r} = vec4f();
  //#if BLOCK
  var all\${g}_\${c}_\${r} = vec4f();
  //#end BLOCK
  //#end r
  //#end c
  //#end g
  let share = p.heads / p.groups;
  for (var head = group * share; head < (group + 1u) * share; head++) {
    //#if BLOCK
    for (var start = all.x; start < all.y;) {
    let end = tile_stop(start, all.y, i);
    let own = Ranges(seen.first, min(seen.end, vec4u(end)));
    for (var other = start; other < end; other += 32u) {
    //#else
    for (var other = all.x; other < end; other += 32u) {
    //#end BLOCK
      let queries = Tile(false, other, query_at(head));
      let gradients = Tile(true, other, query_at(head));
      var weights0 = scores(keys, queries, end, i);
      var weights1 = scores(values, gradients, end, i);
      //#repeat c 4
      {
        let j = other + tx + \${8 * c}u;
        let at = min(j, p.rows - 1u) * p.heads + head;
        let power = exp(weights0[\${c}] * p.scale - lse[at]);
        weights0[\${c}] = select(vec4f(), power, visible(j, own));
        weights1[\${c}] = weights0[\${c}] * (weights1[\${c}] - delta[at]);
      }
      //#end c
      let summands0 = gradients;
      let summands1 = queries;
      //#repeat g 2
      //#include attention_tile_sums
      //#end g
    }
    //#if BLOCK
    start = end;
    let full = end_blocks(end, ty);
    //#repeat g 2
    //#repeat r 4
    if (full[\${r}]) {
      //#repeat c VCOLS
      all\${g}_\${c}_\${r} += sum\${g}_\${c}_\${r};
      sum\${g}_\${c}_\${r} = vec4f();
      //#end c
    }
    //#end r
    //#end g
    }
    //#end BLOCK
  }
  //#if BLOCK
  //#repeat g 2
  //#repeat c VCOLS
  //#repeat r 4
  sum\${g}_\${c}_\${r} += all\${g}_\${c}_\${r};
  //#end r
  //#end c
  //#end g
  //#end BLOCK

  //#repeat r 4
  if (row + \${r}u < p.rows) {
    let at = (row + \${r}u) * qkv_stride() + tx;
    //#repeat c VCOLS
    if (tx + \${8 * c}u < \${D4}u) {
      dqkv[at + key_at(group) + \${8 * c}u] = sum1_\${c}_\${r} * p.scale;
      dqkv[at + value_at(group) + \${8 * c}u] = sum0_\${c}_\${r};
    }
    //#end c
  }
  //#end r
}
`;var su=`// The gradient of attention's queries with tiles in workgroup memory: what is computed is what attention_queries.wgsl
// says, blocks/attention_tile.wgsl how.

//#include spread
//#include attention_operands
//#include attention_gradients
@group(0) @binding(7) var<uniform> p: Params;
//#include spans

fn range(row: u32) -> vec2u { return sees(row); }

//#include attention_tile_backward
//#include attention_tile
//#include across_tile

@compute @workgroup_size(\${WORKGROUP})
fn attention_tiled_queries(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = group_index(group_id, groups);
  let tx = i % 8u;
  let ty = i / 8u;
  let head = index % p.heads;
  let own_row = index / p.heads * 32u;
  if (own_row >= p.rows) { return; }
  let row = own_row + 4u * ty;
  let all = tile_range(own_row, i);
  //#if BLOCK
  let seen = own_ranges(ty);
  //#else
  let end = all.y;
  let own = own_ranges(ty);
  //#end BLOCK
  let group = head / (p.heads / p.groups);
  let queries = Tile(false, own_row, query_at(head));
  let gradients = Tile(true, own_row, query_at(head));

  //#repeat c VCOLS
  //#repeat r 4
  var sum0_\${c}_\${r} = vec4f();
  //#if BLOCK
  var all0_\${c}_\${r} = vec4f();
  //#end BLOCK
  //#end r
  //#end c
  var own_lse = vec4f();
  var own_delta = vec4f();
  //#repeat r 4
  {
    let at = min(row + \${r}u, p.rows - 1u);
    own_lse[\${r}] = lse[at * p.heads + head];
    for (var d = tx; d < \${D4}u; d += 8u) {
      let o_d = vec4f(o[at * o_stride() + query_at(head) + d]);
      own_delta[\${r}] += dot(load(true, at, query_at(head) + d), o_d);
    }
  }
  //#end r
  own_delta = sum_across(own_delta, tx, ty);
  if (tx == 0u) {
    //#repeat r 4
    if (row + \${r}u < p.rows) { delta[(row + \${r}u) * p.heads + head] = own_delta[\${r}]; }
    //#end r
  }

  //#if BLOCK
  for (var start = all.x; start < all.y;) {
  let end = tile_stop(start, all.y, i);
  let own = Ranges(seen.first, min(seen.end, vec4u(end)));
  for (var other = start; other < end; other += 32u) {
  //#else
  for (var other = all.x; other < end; other += 32u) {
  //#end BLOCK
    var weights0 = scores(queries, Tile(false, other, key_at(group)), end, i);
    let d_weights = scores(gradients, Tile(false, other, value_at(group)), end, i);
    //#repeat c 4
    {
      let power = exp(weights0[\${c}] * p.scale - own_lse);
      let weight = select(vec4f(), power, visible(other + tx + \${8 * c}u, own));
      weights0[\${c}] = weight * (d_weights[\${c}] - own_delta);
    }
    //#end c
    let summands0 = Tile(false, other, key_at(group));
    //#repeat g 1
    //#include attention_tile_sums
    //#end g
  }
  //#if BLOCK
  start = end;
  let full = end_blocks(end, ty);
  //#repeat r 4
  if (full[\${r}]) {
    //#repeat c VCOLS
    all0_\${c}_\${r} += sum0_\${c}_\${r};
    sum0_\${c}_\${r} = vec4f();
    //#end c
  }
  //#end r
  }
  //#end BLOCK
  //#if BLOCK
  //#repeat c VCOLS
  //#repeat r 4
  sum0_\${c}_\${r} += all0_\${c}_\${r};
  //#end r
  //#end c
  //#end BLOCK

  //#repeat r 4
  if (row + \${r}u < p.rows) {
    //#repeat c VCOLS
    if (tx + \${8 * c}u < \${D4}u) {
      dqkv[(row + \${r}u) * qkv_stride() + query_at(head) + tx + \${8 * c}u] = sum0_\${c}_\${r} * p.scale;
    }
    //#end c
  }
  //#end r
}
`;var ns=32,Bm=64;function zm(e){return Math.ceil(e/Math.ceil(e/8))}function Dm(e,t){let r=ns;for(;r*e>t;)r/=2;return r}function rs(e,t){return{name:`attention_tiled_${e}`,wgsl:t,f16:["qkv","o"],constants(r){let n=r.headSize/4,o=zm(n),s=o|1;return{D4:n,DEPTH:o,PITCH:s,STEP:Dm(n,ns*(o+s)),VCOLS:Math.ceil(n/8),WEIGHT_SUM:+(e==="forward"),...Gt(r.rows)}},bindings:kn,params:En,workgroup:()=>Bm,groups:({rows:r,heads:n,groups:o})=>j(Math.ceil(r/ns)*(e==="keys"?o:n),1),operations:Sn}}var qm={forward:rs("forward",nu),queries:rs("queries",su),keys:rs("keys",ou)};function iu(e,t,r){e.dispatch(qm[t.pass],t,r)}var au=`// y[rows, width] (+)= x[rows, from] with columns left out at the end, or columns of zeros added. Its own backward, the
// other way round. An invocation an element.

//#include spread

struct Params { rows: u32, width: u32, columns: u32, add: u32 } // columns: of x

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> y: array<y_t>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn resize_columns(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.width;
  let column = i % p.width;
  if (row >= p.rows) { return; }
  var value = 0.0;
  if (column < p.columns) { value = f32(x[row * p.columns + column]); }
  if (p.add != 0u) { value += f32(y[i]); }
  y[i] = y_t(value);
}
`;var cu={name:"resize_columns",wgsl:au,constants:()=>({}),bindings:()=>["x","y"],f16:["x","y"],params:({rows:e,width:t,columns:r,add:n})=>[e,t,r,Number(n)],workgroup:()=>64,groups:({rows:e,width:t},r)=>j(e*t,r)};function ut(e,t,r,n){let o=t.size/r,s=e.result([o,n],"resized");return e.dispatch(cu,{rows:o,width:n,columns:r,add:!1},[t,s]),e.needsGrad(t)&&e.differentiable(s,i=>{let a=e.target(t);e.dispatch(cu,{rows:o,width:r,columns:n,add:a.add},[i,a.tensor])}),s}function Ht(e){return 4*Math.ceil(e/4)}function On(e,t,r,n,o){return os(e,t,r,n,o).o}function os(e,t,r,n,o){let{heads:s,groups:i,headSize:a}=n,[u=0]=t.shape;if(s%i!==0)throw new Error(`attention: ${i} key-value heads do not divide ${s} heads`);q("attention","qkv",t.shape,[u,(s+2*i)*a]),q("attention","span",r.shape,[u,2]);let c=Ht(a);if(c!==a){let d=ut(e,t,a,c).view([u,(s+2*i)*c]),l=uu(e,d,r,{...n,headSize:c},o,1/Math.sqrt(a));return{...l,o:ut(e,l.o,c,a).view([u,s*a])}}return uu(e,t,r,n,o)}function uu(e,t,r,n,o,s){let{heads:i,groups:a,headSize:u}=n,[c=0]=t.shape,d=e.result([c,i*u],"attention"),l=e.empty([c,i],"log-sum-exp"),f={rows:c,heads:i,groups:a,headSize:u,causal:o,...s!==void 0&&{scale:s}},p=at("attention",e.gpu)==="registers"?ru:iu;return p(e,{...f,pass:"forward"},[t,r,d,l]),e.needsGrad(t)&&e.differentiable(d,h=>{let m=e.empty([c,i],"delta");e.assign(t,g=>{let w=[t,r,d,l,h,m,g];p(e,{...f,pass:"queries"},w),p(e,{...f,pass:"keys"},w)})}),{o:d,lse:l,qkv:t,span:r,layout:n,causal:o,scale:s??1/Math.sqrt(u)}}var lu=`// The gradient of the input of LayerNorm (CENTRED) and RMSNorm of any width, a row an invocation.
//
//   dx (+)= rstd\xB7(g \u2212 mean(g) \u2212 x\u0302\xB7mean(g\xB7x\u0302)),  g = dy\xB7weight; RMSNorm: without mean(g)
//
// x\u0302 comes from the mean and rstd that norm_forward.wgsl kept. d weight: norm_weight_parts.wgsl, d bias: column_parts.wgsl.

//#include spread
//#include norm_elements
@group(0) @binding(3) var<storage, read_write> dy: array<T>;
@group(0) @binding(4) var<storage, read_write> dx: array<T>;
@group(0) @binding(5) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn norm_backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = item_index(id, groups);
  if (row >= p.rows) { return; }
  let first = row * p.width;
  let mean = stats[2u * row];
  let rstd = stats[2u * row + 1u];
  var sum_g = T();
  var sum_gx = T();
  for (var i = 0u; i < p.width; i++) {
    let g = dy[first + i] * weight[i];
    sum_g += g;
    sum_gx += g * (T(x[first + i]) - mean);
  }
  let mean_gx = element_sum(sum_gx) * rstd / p.size;
  //#if CENTRED
  let mean_g = element_sum(sum_g) / p.size;
  //#else
  let mean_g = 0.0;
  //#end CENTRED
  for (var i = 0u; i < p.width; i++) {
    let hat = (T(x[first + i]) - mean) * rstd;
    var value = rstd * (dy[first + i] * weight[i] - mean_g - hat * mean_gx);
    if (p.add != 0u) { value += dx[first + i]; }
    dx[first + i] = value;
  }
}
`;var du=`// LayerNorm (CENTRED) and RMSNorm of any width, a row an invocation; norm_rows_forward.wgsl is the fast form.
//
//   y = x\u0302\xB7weight (+ bias),  x\u0302 = (x \u2212 mean)\xB7rstd,  rstd = 1/\u221A(mean((x \u2212 mean)\xB2) + eps)
//
// RMSNorm: mean = 0. Keeps mean and rstd of each row in stats [rows, 2].

//#include spread
//#include norm_elements
@group(0) @binding(3) var<storage, read_write> y: array<Y>;
//#if CENTRED
@group(0) @binding(4) var<storage, read_write> bias: array<T>;
//#end CENTRED
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn norm_forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = item_index(id, groups);
  if (row >= p.rows) { return; }
  let first = row * p.width;
  var mean = 0.0;
  //#if CENTRED
  var sum = T();
  for (var i = 0u; i < p.width; i++) { sum += T(x[first + i]); }
  mean = element_sum(sum) / p.size;
  //#end CENTRED
  var square = T();
  for (var i = 0u; i < p.width; i++) {
    let d = T(x[first + i]) - mean;
    square += d * d;
  }
  let rstd = 1.0 / sqrt(element_sum(square) / p.size + p.eps);
  for (var i = 0u; i < p.width; i++) {
    let hat = (T(x[first + i]) - mean) * rstd;
    //#if CENTRED
    y[first + i] = Y(hat * weight[i] + bias[i]);
    //#else
    y[first + i] = Y(hat * weight[i]);
    //#end CENTRED
  }
  stats[2u * row] = mean;
  stats[2u * row + 1u] = rstd;
}
`;var fu={f16:["x","y"],params:({rows:e,width:t,eps:r,add:n})=>[e,t%4===0?t/4:t,ne(t),ne(r),Number(n)],groups:({rows:e},t)=>j(e,t)},ss={...fu,name:"norm_forward",wgsl:du,constants:e=>({VECTOR:+(e.width%4===0),CENTRED:Number(e.centred),PARAMS:ss.bindings(e).length}),bindings:({centred:e})=>["x","weight","stats","y",...e?["bias"]:[]]},pu={...fu,name:"norm_backward",wgsl:lu,constants:({width:e,centred:t})=>({VECTOR:+(e%4===0),CENTRED:Number(t)}),bindings:()=>["x","weight","stats","dy","dx"]};var hu=`// The gradients of LayerNorm (CENTRED) and RMSNorm, TILE rows a workgroup at a time, in registers.
//
//   dx (+)= rstd\xB7(g \u2212 mean(g) \u2212 x\u0302\xB7mean(g\xB7x\u0302)),  g = dy\xB7weight; RMSNorm: without mean(g)
//   d weight = \u03A3 rows dy\xB7x\u0302,  d bias = \u03A3 rows dy: each workgroup's share in a row of weight_parts and bias_parts;
//   column_sum.wgsl adds these up
//
// x\u0302 comes from the mean and rstd that norm_rows_forward.wgsl kept. How rows lie: blocks/norm_lanes.wgsl.

//#include spread
//#include norm_lanes
@group(0) @binding(3) var<storage, read_write> dy: array<vec4f>;
//#if DX
@group(0) @binding(\${DX}) var<storage, read_write> dx: array<vec4f>;
//#end DX
//#if WEIGHT_PARTS
@group(0) @binding(\${WEIGHT_PARTS}) var<storage, read_write> weight_parts: array<vec4f>; // [groups, width]
//#end WEIGHT_PARTS
//#if BIAS_PARTS
@group(0) @binding(\${BIAS_PARTS}) var<storage, read_write> bias_parts: array<vec4f>; // [groups, width]
//#end BIAS_PARTS
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include lane_sum
//#include workgroup_sums

@compute @workgroup_size(\${WORKGROUP})
fn norm_rows_backward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_index(id, groups);
  let size = f32(4u * p.width);
  //#repeat c HELD
  let at\${c} = min(\${c * LANES}u + lane, p.width - 1u);
  let within\${c} = within(\${c * LANES}u + lane);
  let w\${c} = weight[at\${c}];
  var dw\${c} = vec4f();
  var db\${c} = vec4f();
  //#end c
  //#if LOOP
  for (var block = 0u; block < p.blocks; block++) {
    let row = (group * p.blocks + block) * \${TILE}u;
  //#else
  {
    let block = 0u;
    let row = group * \${TILE}u;
  //#end LOOP
    var own = Sums(); // of g\xB7x\u0302, and of g
    //#repeat r TILE
    let row\${r} = min(row + \${r}u, p.rows - 1u);
    let start\${r} = row\${r} * p.width;
    let known\${r} = stats[row\${r}];
    let here\${r} = select(0.0, 1.0, row + \${r}u < p.rows); // a row past the last has gradient 0
    var g\${r} = vec4f();
    var gx\${r} = vec4f();
    //#repeat c HELD
    let hat\${r}_\${c} = (vec4f(x[start\${r} + at\${c}]) - known\${r}.x) * known\${r}.y;
    let d\${r}_\${c} = select(vec4f(), dy[start\${r} + at\${c}] * here\${r}, within\${c});
    let dw\${r}_\${c} = d\${r}_\${c} * hat\${r}_\${c};
    g\${r} = fma(d\${r}_\${c}, w\${c}, g\${r});
    gx\${r} = fma(dw\${r}_\${c}, w\${c}, gx\${r});
    dw\${c} += dw\${r}_\${c};
    db\${c} += d\${r}_\${c};
    //#end c
    own.first[\${r}] = lane_sum(gx\${r});
    own.second[\${r}] = lane_sum(g\${r});
    //#end r
    let sums = workgroup_sums(own, block, lane);
    let mean_gx = sums.first / size;
    let mean_g = sums.second / size;
    //#if DX
    //#repeat r TILE
    //#repeat c HELD
    if (row + \${r}u < p.rows && within\${c}) {
      var value = known\${r}.y * (d\${r}_\${c} * w\${c} - mean_g[\${r}] - hat\${r}_\${c} * mean_gx[\${r}]);
      //#if ADD
      value += dx[start\${r} + at\${c}];
      //#end ADD
      dx[start\${r} + at\${c}] = value;
    }
    //#end c
    //#end r
    //#end DX
  }
  //#repeat c HELD
  if (within\${c}) {
    //#if WEIGHT_PARTS
    weight_parts[group * p.width + at\${c}] = dw\${c};
    //#end WEIGHT_PARTS
    //#if BIAS_PARTS
    bias_parts[group * p.width + at\${c}] = db\${c};
    //#end BIAS_PARTS
  }
  //#end c
}
`;var mu=`// LayerNorm (CENTRED) and RMSNorm, TILE rows a workgroup at a time: every value is loaded once and held in registers.
//
//   y = x\u0302\xB7weight (+ bias),  x\u0302 = (x \u2212 mean)\xB7rstd,  rstd = 1/\u221A(mean((x \u2212 mean)\xB2) + eps)
//
// RMSNorm: mean = 0. Keeps mean and rstd of each row in stats [rows, 2]. How rows lie: blocks/norm_lanes.wgsl.

//#include spread
//#include norm_lanes
@group(0) @binding(3) var<storage, read_write> y: array<y_t4>;
//#if CENTRED
@group(0) @binding(4) var<storage, read_write> bias: array<vec4f>;
//#end CENTRED
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include lane_sum
//#include workgroup_moments

// sum + off\xB2, off being of a vec4 that may not exist.
fn add_square(sum: vec4f, off: vec4f, within: bool) -> vec4f {
  //#if RAGGED
  return sum + select(vec4f(), off * off, within);
  //#else
  return fma(off, off, sum);
  //#end RAGGED
}

@compute @workgroup_size(\${WORKGROUP})
fn norm_rows_forward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_index(id, groups);
  //#repeat c HELD
  let at\${c} = min(\${c * LANES}u + lane, p.width - 1u);
  let within\${c} = within(\${c * LANES}u + lane);
  let w\${c} = weight[at\${c}];
  //#if CENTRED
  let b\${c} = bias[at\${c}];
  //#end CENTRED
  //#end c
  //#if LOOP
  for (var block = 0u; block < p.blocks; block++) {
    let row = (group * p.blocks + block) * \${TILE}u;
  //#else
  {
    let block = 0u;
    let row = group * \${TILE}u;
  //#end LOOP
    var own = Sums(); // of squares about the lane's mean, and of values
    //#repeat r TILE
    let start\${r} = min(row + \${r}u, p.rows - 1u) * p.width;
    //#repeat c HELD
    let v\${r}_\${c} = vec4f(x[start\${r} + at\${c}]);
    //#end c
    var middle\${r} = 0.0;
    //#if CENTRED
    var sum\${r} = vec4f();
    //#repeat c HELD
    sum\${r} += select(vec4f(), v\${r}_\${c}, within\${c});
    //#end c
    own.second[\${r}] = lane_sum(sum\${r});
    middle\${r} = own.second[\${r}] / max(held(lane), 1.0);
    //#end CENTRED
    var square\${r} = vec4f();
    //#repeat c HELD
    square\${r} = add_square(square\${r}, v\${r}_\${c} - middle\${r}, within\${c});
    //#end c
    own.first[\${r}] = lane_sum(square\${r});
    //#end r
    let moments = workgroup_moments(own, block, lane);
    let mean = moments.mean;
    let rstd = 1.0 / sqrt(moments.square + p.eps);
    //#repeat r TILE
    //#repeat c HELD
    if (row + \${r}u < p.rows && within\${c}) {
      let hat = (v\${r}_\${c} - mean[\${r}]) * rstd[\${r}];
      //#if CENTRED
      y[start\${r} + at\${c}] = y_t4(hat * w\${c} + b\${c});
      //#else
      y[start\${r} + at\${c}] = y_t4(hat * w\${c});
      //#end CENTRED
    }
    //#end c
    //#end r
    if (lane < \${TILE}u && row + lane < p.rows) { stats[row + lane] = vec2f(mean[lane], rstd[lane]); }
  }
}
`;var Gm=65536,gu=[32,64,128,256],Hm=4,Jm=8,wu=32;function _u(e,t,r){let n=r==="registers",o=n?8:gu.find(u=>u*Hm>=t/4)??gu.at(-1),s=Math.ceil(t/4/o);if(t%4!==0||s>16)return;let i=n?4:[4,2].find(u=>u*s<=Jm)??1,a=n?1:Math.ceil(e/i/(Gm/o));return{lanes:o,held:s,tile:i,blocks:a,groups:Math.ceil(e/i/a)}}var yu={f16:["x","y"],params:({rows:e,width:t,blocks:r,eps:n})=>[e,t/4,r,ne(n)],workgroup:({lanes:e})=>e,groups:({groups:e})=>j(e,1)};function vu({lanes:e,held:t,tile:r,blocks:n,width:o,centred:s}){return{LANES:e,TREE:+(e>wu),PARTS:e>wu?e/16:e,HELD:t,TILE:r,LOOP:+(n>1),RAGGED:+(o/4%e!==0),CENTRED:Number(s)}}function bu({rows:e,width:t,centred:r}){return`${r?"LayerNorm":"RMSNorm"} ${e}\xD7${t}`}var is={...yu,name:"norm_rows_forward",wgsl:mu,constants:e=>({...vu(e),PARAMS:is.bindings(e).length}),bindings:({centred:e})=>["x","weight","stats","y",...e?["bias"]:[]],label:e=>`${bu(e)} forward`},as={...yu,name:"norm_rows_backward",wgsl:hu,constants(e){let t=as.bindings(e),r=n=>Math.max(0,t.indexOf(n));return{...vu(e),DX:r("dx"),ADD:Number(e.gradients.add),WEIGHT_PARTS:r("weight_parts"),BIAS_PARTS:r("bias_parts"),PARAMS:t.length}},bindings:({gradients:{dx:e,weight:t,bias:r}})=>["x","weight","stats","dy",...e?["dx"]:[],...t?["weight_parts"]:[],...r?["bias_parts"]:[]],label:e=>`${bu(e)} backward`};function vr(e,t,r,n){return xu(e,t,r,void 0,n)}function Jt(e,t,r,n,o){return xu(e,t,r,n,o)}function xu(e,t,r,n,o){let[s,i]=ve(t),a=n?"layer norm":"rms norm";q(a,"weight",r.shape,[i]),n&&q(a,"bias",n.shape,[i]);let u=e.result(t.shape,a),c=e.empty([s,2],`${a} statistics`),d=n?[t,r,c,u,n]:[t,r,c,u],l={rows:s,width:i,eps:o,centred:n!==void 0},f=_u(s,i,at("norm",e.gpu));if(f?e.dispatch(is,{...l,...f},d):e.dispatch(ss,{...l,add:!1},d),e.needsGrad(t,r,n)){let p={x:t,weight:r,bias:n,stats:c};e.differentiable(u,h=>{f?Xm(e,{...l,...f},{...p,dy:h}):Ym(e,l,{...p,dy:h})})}return u}function Xm(e,t,{x:r,weight:n,bias:o,stats:s,dy:i}){let a=e.target(n),u=e.target(o),c=e.target(r),d=(m,g)=>m&&e.empty([t.groups,t.width],`parts of d ${g}`),l=d(a,"weight"),f=d(u,"bias"),p={dx:!!c,add:c?.add??!1,weight:!!a,bias:!!u},h=[r,n,s,i,c?.tensor,l,f].filter(m=>m!==void 0);e.dispatch(as,{...t,gradients:p},h),a&&Et(e,l,a),u&&Et(e,f,u)}function Ym(e,t,{x:r,weight:n,bias:o,stats:s,dy:i}){let a=e.target(n);a&&Et(e,i,a,{input:r,stats:s});let u=e.target(o);u&&Et(e,i,u);let c=e.target(r);c&&e.dispatch(pu,{...t,add:c.add},[r,n,s,i,c.tensor])}function $u(e,t,r,n,o){let{heads:s,eps:i,activation:a}=o,u={heads:s,groups:s,headSize:t.shape[1]/s},c=Jt(e,t,n.norm1.weight,n.norm1.bias,i),d=(g,{weight:w,..._},v={})=>ct(e,g,w,{..._,...v}),l=d(c,n.qkv),f=On(e,l,r,u,!1),p=d(f,n.out,{residual:t}),h=Jt(e,p,n.norm2.weight,n.norm2.bias,i),m=d(h,n.fc1,{activation:a});return d(m,n.fc2,{residual:p})}function ku(e,t,r){q("add","b",r.shape,t.shape);let n=e.result(t.shape,"sum");return St(e,n,t),_r(e,n,r),e.needsGrad(t,r)&&e.differentiable(n,o=>{e.pass(t,o),e.pass(r,o)}),n}var Eu=`// d features[f] (+)= dy[place[f]], place[f] being the row that shows feature f (-1: none). No sum is needed, since no two
// rows show one feature. An invocation an element.

//#include spread

struct Params { count: u32, width: u32, add: u32, first: u32, end: u32 } // count: features

@group(0) @binding(0) var<storage, read_write> dy: array<f32>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> d_features: array<f32>;
@group(0) @binding(2) var<storage, read_write> place: array<i32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn embedding_features(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let feature = i / p.width;
  if (feature >= p.count) { return; }
  var value = 0.0;
  if (place[feature] >= 0) { value = dy[u32(place[feature]) * p.width + i % p.width]; }
  if (p.add != 0u) { value += d_features[i]; }
  d_features[i] = value;
}
`;var Su=`// Token sequence: row r of y is features[image[r]] where image[r] >= 0, else table[ids[r]]; a negative id gives 0.
// embedding_features.wgsl and embedding_table.wgsl are its gradients. An invocation an element.

//#include spread

// Of a table that is larger than a binding a piece is bound, entries from p.first to p.end: what stands in others is
// left as it is, unless the piece is the first, which also writes all that is not of the table.

struct Params { count: u32, width: u32, add: u32, first: u32, end: u32 } // count: rows of y

@group(0) @binding(0) var<storage, read_write> y: array<y_t>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> table: array<table_t>;
@group(0) @binding(2) var<storage, read_write> ids: array<i32>;
@group(0) @binding(3) var<storage, read_write> features: array<features_t>;
@group(0) @binding(4) var<storage, read_write> image: array<i32>;
@group(0) @binding(5) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn embedding(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.width;
  if (row >= p.count) { return; }
  let column = i % p.width;
  let token = select(ids[row], -1, image[row] >= 0);
  let own = token >= i32(p.first) && token < i32(p.end);
  if (!own && p.first > 0u) { return; }
  var value = 0.0;
  if (image[row] >= 0) {
    value = f32(features[u32(image[row]) * p.width + column]);
  } else if (own) {
    value = f32(table[(u32(token) - p.first) * p.width + column]);
  }
  y[i] = y_t(value);
}
`;var Ou=`// d table[id] += \u03A3 dy over the rows that hold id. The rows of each id are listed by the host: an entry of \`held\` is
// id, first and end in \`rows\`; one with first = end is padding. Every id stands in one entry, so sums are deterministic
// without atomics. An invocation an element of an entry's row.

//#include spread

// Of a table that is larger than a binding a piece is bound, entries from p.first to p.end.

struct Params { count: u32, width: u32, add: u32, first: u32, end: u32 } // count: entries of \`held\`

@group(0) @binding(0) var<storage, read_write> dy: array<f32>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> d_table: array<f32>;
@group(0) @binding(2) var<storage, read_write> held: array<i32>; // [count, 3]
@group(0) @binding(3) var<storage, read_write> rows: array<i32>;
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn embedding_table(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let entry = i / p.width;
  if (entry >= p.count) { return; }
  let column = i % p.width;
  let token = held[3u * entry];
  let first = held[3u * entry + 1u];
  let end = held[3u * entry + 2u];
  if (end <= first || token < i32(p.first) || token >= i32(p.end)) { return; }
  var sum = 0.0;
  // In blocks of 1,024 rows, four a trip: 256,000 rows that hold one id take 64,750 trips of all loops.
  for (var start = first; start < end; start += 1024) {
    let stop = min(start + 1024, end);
    var part = 0.0;
    var at = start;
    for (; at + 4 <= stop; at += 4) {
      //#repeat j 4
      part += dy[u32(rows[at + \${j}]) * p.width + column];
      //#end j
    }
    for (; at < stop; at++) { part += dy[u32(rows[at]) * p.width + column]; }
    sum += part;
  }
  d_table[(u32(token) - p.first) * p.width + column] += sum;
}
`;function cs(e,t,r){return{name:e,wgsl:t,constants:()=>({}),bindings:()=>r,f16:["y","table","features"],params:({count:n,width:o,add:s,first:i,end:a})=>[n,o,Number(s),i,a],workgroup:()=>64,groups:({count:n,width:o},s)=>j(n*o,s)}}var tg=cs("embedding",Su,["y","table","ids","features","image"]),rg=cs("embedding_features",Eu,["dy","d_features","place"]),ng=cs("embedding_table",Ou,["dy","d_table","held","rows"]),Au=256e3;function An(e,t,r,n){let[o=0]=n.ids.shape,[,s=0]=t.shape,[i=0]=r.shape,[a=0]=n.held.shape;if(o>Au)throw new Error(`embedding: ${o} rows are over ${Au}; split the batch`);q("embedding","features",r.shape,[-1,s]),q("embedding","image",n.image.shape,[o]),q("embedding","place",n.place.shape,[i]);let u=e.result([o,s],"embedding"),[c=0]=t.shape,d=l=>pr(e.gpu,c,s*pe[l.dtype]).map(({first:f,count:p})=>({part:p===c?l:l.rows(f,p),first:f,end:f+p}));for(let{part:l,...f}of d(t)){let p=[u,l,n.ids,r,n.image];e.dispatch(tg,{count:o,width:s,add:!1,...f},p)}return e.needsGrad(t,r)&&e.differentiable(u,l=>{let f=e.target(r);if(f){let h={count:i,width:s,add:f.add,first:0,end:c};e.dispatch(rg,h,[l,f.tensor,n.place])}let p=e.target(t);if(p){if(!p.add)throw new Error("embedding: the table must be a parameter with a gradient tensor of its own");for(let{part:h,...m}of d(p.tensor)){let g={count:a,width:s,add:!0,...m};e.dispatch(ng,g,[l,h,n.held,n.rows])}}}),u}function Tn(e,{imageId:t,rows:r,features:n,used:o=n,padding:s}){if(e.length>r)throw new Error(`${e.length} tokens do not fit into ${r} rows`);let i=new Int32Array(r).fill(-1),a=new Int32Array(r).fill(-1),u=new Int32Array(n).fill(-1),c=0,d=new Map;if(e.forEach((m,g)=>{if(m===t){c<o&&(u[c]=g),a[g]=c++;return}if(i[g]=m,m===s)return;let w=d.get(m);w?w.push(g):d.set(m,[g])}),c!==o)throw new Error(`expected ${o} image placeholders for as many features, found ${c}`);let l=new Int32Array(r*3),f=new Int32Array(r),p=0,h=0;for(let m of[...d.keys()].sort((g,w)=>g-w)){let g=d.get(m);l.set([m,p,p+g.length],3*h++),f.set(g,p),p+=g.length}return{ids:i,image:a,place:u,held:l,rows:f}}var Tu=`// y[i] (+)= x[index[i]], or 0 where index[i] < 0. With the inverse index it is its own backward.
// An invocation an element.

//#include spread

struct Params { count: u32, width: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> index: array<i32>;
@group(0) @binding(2) var<storage, read_write> y: array<y_t>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn gather_rows(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count * p.width) { return; }
  let source = index[i / p.width];
  var value = 0.0;
  if (source >= 0) { value = f32(x[u32(source) * p.width + i % p.width]); }
  if (p.add != 0u) { value += f32(y[i]); }
  y[i] = y_t(value);
}
`;var Cu={name:"gather_rows",wgsl:Tu,constants:()=>({}),bindings:()=>["x","index","y"],f16:["x","y"],params:({count:e,width:t,add:r})=>[e,t,Number(r)],workgroup:()=>64,groups:({count:e,width:t},r)=>j(e*t,r)};function Xt(e,t,r,n){let[o,s]=ve(t),[i=0]=r.shape;q("gather rows","inverse",n.shape,[o]);let a=e.result([i,s],"gathered rows");return e.dispatch(Cu,{count:i,width:s,add:!1},[t,r,a]),e.needsGrad(t)&&e.differentiable(a,u=>{let c=e.target(t);e.dispatch(Cu,{count:o,width:s,add:c.add},[u,n,c.tensor])}),a}function Nu(e,t,r,n,o){let{config:s}=t,{vision_config:i,feature_layers:a}=s,u=t.names.vision,c=N=>N.map(R=>`${u}.${R}`),d=n.has("vision"),l=(...N)=>t.parameters.tensor(c(N),d),f=(...N)=>{let R=N.map(B=>`${B}.weight`);return{weight:l(...R),bias:l(...N.map(B=>`${B}.bias`)),lowRank:t.lora?.of(c(R),n.has(be),o)}},p=N=>({weight:l(`${N}.weight`),bias:l(`${N}.bias`)}),h=r.shape[0],m=Ie(i)+(i.kind==="clip"?1:0),g=i.kind==="clip"?sg(e,r,l,i.layer_norm_eps):ig(e,t,r,l),w=e.constant(_n(new Array(h).fill(m),h*m),[h*m,2]),_=new Map([[0,g]]);for(let N=0;N<mr(s);N++){let R=`encoder.layers.${N}`,B=g;g=e.checkpoint(()=>$u(e,B,w,{norm1:p(`${R}.layer_norm1`),qkv:f(...["q","k","v"].map(K=>`${R}.self_attn.${K}_proj`)),out:f(`${R}.self_attn.out_proj`),norm2:p(`${R}.layer_norm2`),fc1:f(`${R}.mlp.fc1`),fc2:f(`${R}.mlp.fc2`)},{heads:i.num_attention_heads,eps:i.layer_norm_eps,activation:i.hidden_act})),a.includes(N+1)&&_.set(N+1,g)}if(s.post_norm){let{weight:N,bias:R}=p("post_layernorm");g=Jt(e,g,N,R,i.layer_norm_eps),_.set(mr(s),g)}let v=a.map(N=>_.get(N)),O=s.drop_first?v.map(N=>ag(e,N,h,m)):v,A=cg(e,O);return s.connector.kind==="mlp"?A:ug(e,A,h,s.connector.scale)}function sg(e,t,r,n){let o=Wo(e,t,r("embeddings.patch_embedding.weight")),s=Pc(e,o,r("embeddings.class_embedding"),r("embeddings.position_embedding.weight"));return Jt(e,s,r("pre_layrnorm.weight"),r("pre_layrnorm.bias"),n)}function ig(e,t,r,n){let{vision_config:o,connector:s}=t.config,i=Ie(o),a=r.shape[0],u=s.kind==="mlp"?Int32Array.from({length:i},(h,m)=>m):zc(Math.sqrt(i)),c=new Int32Array(a*i);for(let h=0;h<a;h++)c.set(u,h*i);let d=Tn(c,{imageId:-1,rows:c.length,features:1,used:0}),l=Object.fromEntries(Object.entries(d).map(([h,m])=>[h,e.constant(m,h==="held"?[c.length,3]:void 0)])),f=e.constant(new Float32Array(o.hidden_size),[1,o.hidden_size]),p=An(e,n("embeddings.position_embedding.weight"),f,l);return Wo(e,r,n("embeddings.patch_embedding.weight"),{bias:n("embeddings.patch_embedding.bias"),residual:p})}function ag(e,t,r,n){let o=n-1,s=Int32Array.from({length:r*o},(i,a)=>a+Math.floor(a/o)+1);return Xt(e,t,e.constant(s),e.constant(us(s,r*n)))}function cg(e,t){let[r]=t;if(t.length===1)return r;let[n=0,o=0]=r.shape,s=t.length;return t.map((a,u)=>{let c=new Int32Array(n*s).fill(-1);for(let d=0;d<n;d++)c[d*s+u]=d;return Xt(e,a,e.constant(c),e.constant(us(c,n)))}).reduce((a,u)=>ku(e,a,u)).view([n,o*s])}function ug(e,t,r,n){let[o=0,s=0]=t.shape,i=Dc(r,Math.sqrt(o/r),n);return Xt(e,t,e.constant(i),e.constant(us(i,o))).view([o/n**2,s*n**2])}function us(e,t){let r=new Int32Array(t).fill(-1);return e.forEach((n,o)=>{n>=0&&(r[n]=o)}),r}var Mu=`// SwiGLU's gradient: d gate = dy\xB7up\xB7silu'(gate), d up = dy\xB7silu(gate), side by side as in swiglu.wgsl.
// One invocation an element T of dy: four values where the width is a multiple of 4.

//#include spread
//#include stored_elements

struct Params { rows: u32, width: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> x: array<X>;  // [rows, 2\xB7width]
@group(0) @binding(1) var<storage, read_write> dy: array<T>; // [rows, width]
@group(0) @binding(2) var<storage, read_write> dx: array<T>; // [rows, 2\xB7width]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn swiglu_backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.rows * p.width) { return; }
  let at = (i / p.width) * 2u * p.width + i % p.width;
  let gate = T(x[at]);
  let up = T(x[at + p.width]);
  let s = 1.0 / (1.0 + exp(-gate));
  let g = dy[i];
  dx[at] = g * up * s * (1.0 + gate * (1.0 - s));
  dx[at + p.width] = g * gate * s;
}
`;var Lu=`// SwiGLU: y = silu(gate)\xB7up, with gate and up side by side in one tensor [rows, 2\xB7width].
// One invocation an element T of y: four values where the width is a multiple of 4.

//#include spread
//#include stored_elements

struct Params { rows: u32, width: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> x: array<X>; // [rows, 2\xB7width]
@group(0) @binding(1) var<storage, read_write> y: array<Y>; // [rows, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn swiglu(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.rows * p.width) { return; }
  let at = (i / p.width) * 2u * p.width + i % p.width;
  let gate = T(x[at]);
  let up = T(x[at + p.width]);
  let s = 1.0 / (1.0 + exp(-gate));
  y[i] = Y(gate * s * up);
}
`;function Pu(e,t,r){return{name:e,wgsl:t,constants:({width:n})=>({VECTOR:+(n%4===0)}),bindings:()=>r,f16:["x","y"],params:({rows:n,width:o})=>[n,o/Ru(o)],workgroup:()=>64,groups:({rows:n,width:o},s)=>j(n*o/Ru(o),s)}}var fg=Pu("swiglu",Lu,["x","y"]),pg=Pu("swiglu_backward",Mu,["x","dy","dx"]);function Ru(e){return e%4===0?4:1}function Iu(e,t){let[r,n]=ve(t);if(n%2!==0)throw new Error(`swiglu: the last size must be even, found shape [${t.shape}]`);let o=n/2,s=e.result([...t.shape.slice(0,-1),o],"swiglu");return e.dispatch(fg,{rows:r,width:o},[t,s]),e.needsGrad(t)&&e.differentiable(s,i=>{e.assign(t,a=>e.dispatch(pg,{rows:r,width:o},[t,i,a]))}),s}function ju(e,t,r,n,o,s,i){let{heads:a,groups:u,eps:c}=s,d=vr(e,t,o.inputNorm,c),l=(g,{weight:w,..._},v)=>ct(e,g,w,{..._,residual:v}),f=Wa(e,l(d,o.qkv),r,n,a+2*u,a+u),p=l(i(f),o.out,t),h=vr(e,p,o.mlpNorm,c),m=Iu(e,l(h,o.gateUp));return l(m,o.down,p)}function Bu(e,{lora:t,trainable:r}){let n=t&&Yc(e,t.choose),o=[...n?.sites.keys()??[]],s=new Set(e.flatMap(u=>{let c=new Set(u.bundles.flat().map(({name:d})=>d));return o.some(d=>c.has(d))?[u.name]:[]})),a=[...r??e.map(({name:u})=>u)].filter(u=>!s.has(u));return{plan:n,addedTo:s,modules:n?[...e,n.module]:[...e],trainable:n?[...a,be]:a}}var Cn=class e{gpu;config;parameters;source;lora;addedTo;#e;constructor(t,r,n={}){this.gpu=t,this.config=r;let{lora:o,storage:s}=n,{plan:i,addedTo:a,modules:u,trainable:c}=Bu(Kt(r),n);this.addedTo=a,this.parameters=new yr(t,u,{storage:s,trainable:c}),this.lora=i&&new xn(this.parameters,i,o);let{max_position_embeddings:d,head_dim:l,rope_theta:f,rope_scaling:p}=r.text_config;this.#e=oe.of(t,[d,2,l/2],Ka(d,l,f,p))}static create(t,r,n,o={}){let s=new e(t,r,o),i=yr.initial(s.parameters,s.layout,new Re(n));return s.parameters.values.write(t,i),s}get layout(){return[...Kt(this.config),...this.lora?[this.lora.plan.module]:[]]}runsVision(t){return t.has("vision")||t.has(be)&&this.addedTo.has("vision")}get imageId(){return this.config.image_token_id}get vocabulary(){return this.config.text_config.vocab_size}get maxPositions(){return this.config.text_config.max_position_embeddings}get layers(){return this.config.text_config.num_hidden_layers}get width(){return this.config.text_config.hidden_size}get pixelShape(){let{num_channels:t,image_size:r}=this.config.vision_config;return[t,r,r]}get imageTokens(){return Wt(this.config)}get imageSize(){return this.config.vision_config.image_size}get featureWidth(){return gn(this.config)}get paddingId(){return this.config.text_config.padding}get names(){return je(this.config).names}get heads(){let{num_attention_heads:t,num_key_value_heads:r,head_dim:n}=this.config.text_config;return{heads:t,groups:r,headSize:n}}vision(t,r,n,o){return Nu(t,this,r,n,o)}project(t,r,n,o){let{connector:s}=this.config,i=l=>`${this.names.projector}.${l}`,a=l=>this.parameters.tensor([i(l)],n.has("projector")),u=(l,f,p={})=>ct(t,l,a(`${f}.weight`),{...p,lowRank:this.lora?.of([i(`${f}.weight`)],n.has(be),o)});if(s.kind==="pixel-shuffle")return u(r,"modality_projection.proj");let c=l=>s.bias?a(`${l}.bias`):void 0,d=u(r,"linear_1",{bias:c("linear_1"),activation:s.activation});return u(d,"linear_2",{bias:c("linear_2")})}embed(t,r,n,o){let s=[`${this.names.language}.embed_tokens.weight`],i=this.parameters.tensor(s,o.has("language"));return An(t,i,r,n)}decode(t,r,n,o,s,i){let a=s.has("language"),{num_hidden_layers:u,rms_norm_eps:c,attention_bias:d,mlp_bias:l}=this.config.text_config;for(let f=0;f<u;f++){let p=(w,_)=>_.map(v=>`${this.names.language}.layers.${f}.${v}.${w}`),h=(w,..._)=>this.parameters.tensor(p(w,_),a),m=(w,..._)=>({weight:h("weight",..._),bias:w?h("bias",..._):void 0,lowRank:this.lora?.of(p("weight",_),s.has(be),i)}),g=r;r=t.checkpoint(()=>ju(t,g,n,this.#e,{inputNorm:h("weight","input_layernorm"),qkv:m(d!=="none","self_attn.q_proj","self_attn.k_proj","self_attn.v_proj"),out:m(d==="all","self_attn.o_proj"),mlpNorm:h("weight","post_attention_layernorm"),gateUp:m(l,"mlp.gate_proj","mlp.up_proj"),down:m(l,"mlp.down_proj")},{...this.heads,eps:c},w=>o(f,w)))}return r}finish(t,r,n){let o=this.parameters.tensor([`${this.names.language}.norm.weight`],n.has("language"));return vr(t,r,o,this.config.text_config.rms_norm_eps)}head(t){let r=this.config.text_config.tie_word_embeddings?`${this.names.language}.embed_tokens.weight`:this.names.head;return this.parameters.tensor([r],t.has("language"))}destroy(){this.parameters.destroy(),this.#e.destroy(this.gpu)}};function zu(e,t,r){return(n,o)=>On(e,o,t,r,!0)}var Ot=new Map([["F32",4],["F16",2],["BF16",2],["F64",8],["I64",8],["U64",8],["I32",4],["U32",4],["I16",2],["U16",2],["I8",1],["U8",1],["BOOL",1]]);function Nn(e,t){let r=Ot.get(t)??1,{buffer:n,byteOffset:o,length:s}=e.byteOffset%r===0?e:e.slice(),i=s/r;return t==="F32"?new Float32Array(n,o,i):t==="BF16"?hg(new Uint16Array(n,o,i)):t==="F16"?new Float32Array(new Float16Array(n,o,i)):t==="F64"?new Float32Array(new Float64Array(n,o,i)):t==="I64"?Float32Array.from(new BigInt64Array(n,o,i),Number):t==="U64"?Float32Array.from(new BigUint64Array(n,o,i),Number):t==="I32"?new Float32Array(new Int32Array(n,o,i)):t==="U32"?new Float32Array(new Uint32Array(n,o,i)):t==="I16"?new Float32Array(new Int16Array(n,o,i)):t==="U16"?new Float32Array(new Uint16Array(n,o,i)):t==="I8"?new Float32Array(new Int8Array(n,o,i)):new Float32Array(new Uint8Array(n,o,i))}function hg(e){let{length:t}=e,r=new Uint32Array(t);for(let n=0;n<t;n++)r[n]=e[n]<<16;return new Float32Array(r.buffer)}function Du(e){let{length:t}=e,r=new Uint32Array(e.buffer,e.byteOffset,t),n=0;for(let o=0;o<t;o++)(r[o]&2139095040)===2139095040&&n++;return n}function ls(e){let{length:t}=e,r=new Uint32Array(e.buffer,e.byteOffset,t),n=0;for(let o=0;o<t;o++){let s=r[o]&2147483647;s>n&&(n=s)}return new Float32Array(Uint32Array.of(n).buffer)[0]}var lt=8,mg=1e8,qu=1<<21,Uu=3,gg=1e3,Wu=16;function ds(e,t,r){if(t===0)throw new $(`${r}: the file is empty; download it again`);if(e.length<lt||t<lt)throw new $(`${r}: expected a header, found ${t} bytes; the file is cut short`);let n=Number(new DataView(e.buffer,e.byteOffset,8).getBigUint64(0,!0));if(n<=mg&&lt+n<=t)return n;let o=new TextDecoder().decode(e);throw o.startsWith("version ")?new $(`${r}: this is a pointer of Git LFS, not the weights: fetch them with \`git lfs pull\`, or download the file`):/^\s*<(!|h|\?)/i.test(o)?new $(`${r}: this is a web page, not the weights; download the file itself`):o.startsWith("PK")||e[0]===128?new $(`${r}: this is a file of PyTorch, not of safetensors; convert it`):new $(`${r}: the header should take ${n} bytes, the file has ${t}: it is cut short or of another kind`)}function fs(e,t,r){let n=c=>new $(`${r}: ${c}`),o=yg(e,n),s;try{s=JSON.parse(new TextDecoder("utf-8",{fatal:!0}).decode(e))}catch(c){throw n(`the header is not JSON (${c.message.slice(0,200)})`)}if(typeof s!="object"||s===null||Array.isArray(s))throw n("the header is not an object");let i=lt+e.length,a=[],u=Object.entries(s);if(u.length!==o)throw n(`the header names ${o-u.length} tensors more than once`);for(let[c,d]of u)c!=="__metadata__"&&a.push(wg(c,d,i,t,n));return _g(a,i,t,n),a}function wg(e,t,r,n,o){if(e.length>gg)throw o(`a tensor's name is ${e.length} characters long: ${e.slice(0,100)}\u2026`);if(typeof t!="object"||t===null)throw o(`tensor ${e}: expected an object in the header`);let{dtype:s,shape:i,data_offsets:a}=t,u=p=>Number.isSafeInteger(p)&&p>=0;if(!Array.isArray(i)||!i.every(u)||!Array.isArray(a)||!a.every(u))throw o(`tensor ${e}: shape or data_offsets are missing or not whole numbers`);if(i.length>Wu)throw o(`tensor ${e}: expected at most ${Wu} sizes, found ${i.length}`);let c=typeof s=="string"?Ot.get(s):void 0;if(c===void 0)throw o(`tensor ${e}: expected ${[...Ot.keys()].join(", ")}, found ${JSON.stringify(s)?.slice(0,100)}`);let d=i.reduce((p,h)=>p*h,c),[l=0,f=0]=a;if(a.length!==2||f-l!==d||r+f>n)throw o(`tensor ${e}: ${s} [${i}] takes ${d} bytes, found ${l} to ${f} of the ${n-r} bytes after the header`);return{name:e,dtype:s,shape:i,start:r+l,bytes:d}}function _g(e,t,r,n){let o=t,s="the header";for(let{name:i,start:a,bytes:u}of e.toSorted((c,d)=>c.start-d.start||c.bytes-d.bytes)){if(a<o)throw n(`tensors ${s} and ${i} overlap by ${o-a} bytes`);if(a>o)throw n(`${a-o} bytes between ${s} and tensor ${i} belong to none`);o=a+u,s=i}if(o!==r)throw n(`the last ${r-o} bytes, after ${s}, belong to no tensor`)}function yg(e,t){let r=0,n=0,o=0,s=!1;for(let i=0;i<e.length;i++){let a=e[i];if(s){a===92?i++:a===34&&(s=!1);continue}if(a===34)s=!0;else if(a===123||a===91){if(n++,++r>Uu)throw t(`the header is nested deeper than ${Uu} levels`)}else a===125||a===93?r--:(a===58||a===44)&&(n++,a===58&&r===1&&o++);if(n>qu)throw t(`the header has over ${qu} names and numbers`)}return o}function ps(e,t){return{name:e,size:t.length,read:async(r,n)=>t.slice(r,r+n)}}async function hs(e){let t=new Map;for(let r of e){let n=await r.read(0,Math.min(lt,r.size)),o=ds(n,r.size,r.name);for(let s of fs(await r.read(lt,o),r.size,r.name)){let i=t.get(s.name);if(i)throw new $(`${r.name}: tensor ${s.name} is in ${i.file.name} as well; expected it in one of the files`);t.set(s.name,{...s,file:r})}}return t}var Fu=8<<20;async function*br({file:e,start:t,bytes:r,dtype:n}){let o=Fu-Fu%Ot.get(n);for(let s=0;s<r;s+=o){let i=Math.min(o,r-s),a=await e.read(t+s,i);if(a.length!==i)throw new $(`${e.name}: expected ${i} bytes from ${t+s}, found ${a.length}`);yield a}}var Mn=class{#e;#t;#r;#n;#o;#s;constructor(t,{tensor:r}){this.#e=t,this.#t=r.slot.buffer,this.#o=r.slot.offset+r.offset,this.#n=r.dtype==="f16",this.#r={count:r.size}}add(t){if(t instanceof Uint16Array!==this.#n||t.length>this.#r.count)throw new Error(`expected at most ${this.#r.count} values of the bundle's type`);if(this.#r.count-=t.length,!this.#n||t instanceof Float32Array)return this.#i(t);let r=t;if(this.#s!==void 0&&(r=new Uint16Array(t.length+1),r[0]=this.#s,r.set(t,1),this.#s=void 0),r.length%2===1)if(this.#r.count>0)this.#s=r.at(-1),r=r.subarray(0,-1);else{let n=new Uint16Array(r.length+1);n.set(r),r=n}this.#i(r)}#i(t){t.length!==0&&(this.#e.device.queue.writeBuffer(this.#t,this.#o,t),this.#o+=t.byteLength)}};function At(e,t=", "){let r=e.length-20;return e.slice(0,20).join(t)+(r>0?`${t}and ${r} more`:"")}var vg=/(^|\.)(position_ids|inv_freq|masked_bias|num_batches_tracked|original_inv_freq)$/,bg=32<<20;function Ku({config:e,parameters:t},r){let{plainName:n,names:o}=je(e),s=new Map(t.bundles.flatMap(({module:p,places:h})=>p===be?[]:h.map(m=>[m.name,m]))),i=new Map([...s.keys()].map(p=>[n(p),p])),a={tensors:new Map,tiedHead:void 0},u=[],c=[];for(let p of r.values()){let h=n(p.name),m=i.get(h);if(m===void 0){h===o.head&&!a.tiedHead?a.tiedHead=p:vg.test(p.name)||c.push(p.name);continue}let g=a.tensors.get(m);g&&u.push(`${p.name} and ${g.name} are the same parameter`),a.tensors.set(m,p)}let d=`${o.language}.embed_tokens.weight`;a.tiedHead&&e.text_config.tie_word_embeddings&&!a.tensors.has(d)&&(a.tensors.set(d,a.tiedHead),a.tiedHead=void 0);for(let[p,h]of a.tensors){let{shape:m}=s.get(p);h.shape.join()!==m.join()&&u.push(`${h.name}: expected shape [${m}] by config.json, found [${h.shape}]`)}let l=[...s.keys()].filter(p=>!a.tensors.has(p)),f=[...u.length>0?[At(u,"; ")]:[],...l.length>0?[`missing: ${At(l)}`]:[],...c.length>0?[`unknown to a model of this config.json: ${At(c)}`]:[]];if(f.length>0)throw new $(`checkpoint: ${f.join("; ")}`);return a}async function Vu({gpu:e,parameters:t,names:r},n){let o=[],s=0,i=async c=>{s+=c,!(s<bg)&&(s=0,await e.settle())};for(let c of t.bundles){if(c.module===be&&!n.adapter)continue;let d=new Mn(e,c);for(let l of c.places){let f=await $g(xg(n,l.name),c,d,i);f&&o.push(f)}}if(await e.settle(),o.length>0)throw new $(`checkpoint: ${At(o,"; ")}`);let{tiedHead:a}=n,u=n.tensors.get(`${r.language}.embed_tokens.weight`);if(a&&!await Eg(a,u))throw new $(`checkpoint: config.json ties the head to the embeddings, but ${a.name} and ${u.name} hold different values; set tie_word_embeddings to false, or take the head out`)}function xg({tensors:e,adapter:t},r){return t?.get(r)??e.get(r)}async function $g(e,{tensor:{dtype:t}},r,n){let o=0,s=0;for await(let i of br(e)){let a=Nn(i,e.dtype);o+=Du(a),t==="f16"?(e.dtype!=="F16"&&(s=Math.max(s,ls(a))),r.add(kg(e.dtype==="F16"?i:new Float16Array(a)))):r.add(a),await n(a.byteLength)}if(o>0)return`${e.name}: ${o} of ${he(e.shape)} values are NaN or infinite`;if(s>=65520)return`${e.name}: its largest value is ${s}, f16 ends at 65,504; hold it in f32 (--storage f32)`}function kg({buffer:e,byteOffset:t,byteLength:r}){return new Uint16Array(e,t,r/2)}async function Eg(e,t){if(e.shape.join()!==t.shape.join()||e.dtype!==t.dtype)return!1;let r=br(t);for await(let n of br(e)){let{value:o}=await r.next();if(!o||!Sg(n,o))return!1}return!0}function Sg(e,t){if(e.length!==t.length)return!1;for(let r=0;r<e.length;r++)if(e[r]!==t[r])return!1;return!0}var Hu="adapter_config.json",ms="adapter_model.safetensors",Og="auto_mapping corda_config ensure_weight_tying eva_config exclude_modules inference_mode layers_pattern layers_to_transform loftq_config lora_ga_config megatron_config megatron_core modules_to_save peft_version qalora_group_size revision runtime_config target_modules task_type velora_config".split(/\s+/),Ag=/^(pissa|corda|olora|loftq)/i;function Tg(e){let t=new ye(e,"",Hu);t.word("peft_type",["LORA"],"LORA"),t.only("bias","none");let r=t.get("init_lora_weights");if(typeof r=="string"&&Ag.test(r))throw t.error(`init_lora_weights must leave the base as it is, found ${JSON.stringify(r)}, which takes from the base what A and B start with. Save the adapter by PEFT with path_initial_model_for_weight_conversion, which makes it one of the base itself`);let n=t.get("base_model_name_or_path");if(n!==void 0&&typeof n!="string")throw t.error("base_model_name_or_path must be a name or a path");let o={base:n,rank:t.whole("r",8),alpha:t.number("lora_alpha",8),rankPattern:Gu(t,"rank_pattern",s=>Number.isInteger(s)&&s>0),alphaPattern:Gu(t,"alpha_pattern",Number.isFinite),scaling:t.flag("use_rslora",!1)?"rs":"standard",dropout:t.number("lora_dropout",0)};if(!(o.dropout>=0&&o.dropout<1))throw t.error(`lora_dropout must be a share from 0 to below 1, found ${o.dropout}`);return t.done(Og),o}function Gu(e,t,r){let n=e.get(t)??{};if(typeof n!="object"||Array.isArray(n))throw e.error(`${t} must be an object`);let o=Object.entries(n);for(let[s,i]of o){if(!/^[\w.]+$/.test(s))throw e.error(`${t}: expected ends of layers' names, found the pattern ${JSON.stringify(s).slice(0,100)}; write the names out`);if(typeof i!="number"||!r(i))throw e.error(`${t}: expected a number for ${s}, found ${JSON.stringify(i)?.slice(0,100)}`)}return Object.fromEntries(o)}function gs(e,t,r){let n=Object.keys(e).find(o=>t===o||t.endsWith(`.${o}`));return n===void 0?r:e[n]}function Ju(e){let t;try{t=JSON.parse(e)}catch(r){throw new $(`${Hu}: expected JSON (${r.message.slice(0,200)})`)}return Tg(t)}function Xu({rank:e,alpha:t,scaling:r}){return t/(r==="rs"?Math.sqrt(e):e)}function Yu(e,t,r){let{plainName:n}=je(r),o=new Map(Kt(r).flatMap(({bundles:d})=>d.flat()).map(d=>[d.name,d])),s=new Map([...o.keys()].map(d=>[n(d),d])),i=new Map,a=new Map,u=[];for(let d of e.values()){let l=d.name.replace(/^base_model\.model\./,"").replace(/\.modules_to_save(\.\w+)?\./,"."),f=l.match(/^(.*)\.lora_([AB])(?:\.\w+)?\.weight$/),p=s.get(n(f?`${f[1]}.weight`:l));if(p===void 0||f&&o.get(p).linear!==!0){u.push(`${d.name} belongs to no ${f?"linear layer":"parameter"} of the model`);continue}let h=f?`${$n(p)}.lora_${f[2]}.weight`:p;if(a.has(h)&&u.push(`${d.name} is there twice`),a.set(h,d),f){let m=i.get(p)??{layer:f[1]};i.set(p,{...m,[f[2]==="A"?"a":"b"]:d})}else d.shape.join()!==o.get(p).shape.join()&&u.push(`${d.name}: expected shape [${o.get(p).shape}], found [${d.shape}]`)}let c=new Map;for(let[d,{layer:l,a:f,b:p}]of i){if(!f||!p){u.push(`${l}: expected lora_A and lora_B, found lora_${f?"A":"B"} alone`);continue}let h=gs(t.rankPattern,l,t.rank),m=gs(t.alphaPattern,l,t.alpha),[g,w]=o.get(d).shape;for(let[_,v]of[[f,[h,w]],[p,[g,h]]])_.shape.join()!==v.join()&&u.push(`${_.name}: expected shape [${v}] by model and rank, found [${_.shape}]`);c.set(d,{rank:h,scale:Xu({rank:h,alpha:m,scaling:t.scaling})})}if(u.length>0)throw new $(`${ms}: ${At(u,"; ")}`);if(c.size===0)throw new $(`${ms}: expected lora_A and lora_B, found none`);return{ranks:c,tensors:a}}var xr="model.safetensors",Ye="model.safetensors.index.json";async function Zu(e,t){if(e.has(xr))return[xr];if(!e.has(Ye))throw new $(Cg(e));let r;try{r=JSON.parse(await t())?.weight_map}catch(o){throw o instanceof SyntaxError?new $(`${Ye}: expected JSON (${o.message.slice(0,200)})`):o}if(typeof r!="object"||r===null||Array.isArray(r)||Object.keys(r).length===0)throw new $(`${Ye}: expected weight_map, a file for every parameter; found none`);let n=[...new Set(Object.values(r))];for(let o of n){if(typeof o!="string"||!/^[\w][\w.-]*\.safetensors$/.test(o))throw new $(`${Ye}: expected names of safetensors files beside it, found ${JSON.stringify(o)?.slice(0,200)}`);if(!e.has(o))throw new $(`${Ye}: it names ${o}, which is missing; download all files of the model`)}return n.sort()}function Cg(e){let t=[...e].filter(n=>n.endsWith(".safetensors")).sort();if(t.length>0)return`expected ${xr} or ${Ye}, found ${t.slice(0,5).join(", ")}${t.length>5?` and ${t.length-5} more`:""} without an index`;let r=[...e].find(n=>/\.(bin|pt|pth|gguf)$/.test(n));return`expected ${xr} in it, found none${r===void 0?"":`; ${r} is of another format: save the model with safetensors`}`}var fA=16<<20;async function Qu(e,t,r,{adapter:n,...o}={}){let s=mn(typeof t=="string"?Lg(t):t),i=await hs(r),a=n&&await Ng(n,s),u=a&&{...a.lora,...o.lora&&Mg(o.lora)},c=new Cn(e,s,{...o,...u&&{lora:u}});try{return c.source={...Ku(c,i),config:typeof t=="string"?t:void 0,adapter:a?.tensors},await Vu(c,c.source),a||c.lora?.start(),c}catch(d){throw c.destroy(),d}}async function Ng({config:e,weights:t},r){let n=Ju(e),{ranks:o,tensors:s}=Yu(await hs([t]),n,r),{dropout:i,scaling:a}=n;return{lora:{choose:c=>o.get(c),dropout:i,seed:0,scaling:a},tensors:s}}function Mg({dropout:e,seed:t}){return{dropout:e,seed:t}}function Lg(e){try{return JSON.parse(e)}catch(t){throw new $(`config.json: expected JSON (${t.message.slice(0,200)})`)}}var Rg=64,Pg=16384,Ig=3;function jg(e){return Math.max(1,Math.min(Rg,Math.floor(Pg/e)))}function Bg(e,t,r){let n=e.input("pixels",[r,...t.pixelShape]);return e.output(e.noGrad(()=>t.vision(e,n,new Set)))}async function el(e,t){let{pixelShape:r,imageTokens:n,featureWidth:o,gpu:s}=e,i=he(r),a=[],u=Math.min(jg(Ie(e.config.vision_config)+1),t.length);if(u===0)return a;let c=new Ae(s),d=Bg(c,e,u),l=c.compile(),f=n*o,p=[],h=async()=>{let{count:m,values:g}=p.shift(),w=await g;for(let _=0;_<m;_++)a.push(w.slice(_*f,(_+1)*f))};try{await s.compiled();for(let m=0;m<t.length;m+=u){let g=t.slice(m,m+u),w=new Float32Array(u*i);g.forEach((_,v)=>{if(_.length!==i)throw new Error(`expected ${i} pixel values an image, found ${_.length}`);w.set(_,v*i)}),l.upload({pixels:w}),l.run(),p.push({count:g.length,values:d.read(s)}),p.length>=Ig&&await h()}for(;p.length>0;)await h()}finally{await Promise.allSettled(p.map(({values:m})=>m)),l.destroy()}return a}var tl=`// Key-value cache: copies the keys and values of each row of qkv [rows, skip + width] into row place[row] of the
// cache [places, width]; a negative place is padding. skip: the queries. An invocation an element of the cache row.

//#include spread

struct Params { rows: u32, skip: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<f32>;
@group(0) @binding(1) var<storage, read_write> place: array<i32>;
@group(0) @binding(2) var<storage, read_write> kept: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn cache(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.width;
  if (row >= p.rows || place[row] < 0) { return; }
  kept[u32(place[row]) * p.width + i % p.width] = qkv[row * (p.skip + p.width) + p.skip + i % p.width];
}
`;var Dg={name:"cache",wgsl:tl,constants:()=>({}),bindings:()=>["qkv","place","kept"],params:({rows:e,skip:t,width:r})=>[e,t,r],workgroup:()=>64,groups:({rows:e,width:t},r)=>j(e*t,r)};function $r({groups:e,headSize:t}){return 2*e*Ht(t)}function ws(e,t,r,n,o){let{heads:s,groups:i,headSize:a}=o,u=Ht(a),[c=0]=t.shape,d=$r(o);q("cache","qkv",t.shape,[c,(s+2*i)*a]),q("cache","cache",n.shape,[-1,d]),q("cache","place",r.shape,[c]);let l=u===a?t:ut(e,t,a,u);e.dispatch(Dg,{rows:c,skip:s*u,width:d},[l,r,n])}function _s({heads:e}){return $r(e)}function qg(e,t,r){return e.layers*t*r*_s(e)*pe.f32}function Rn(e,t){return Math.floor(e.gpu.largestBinding/(t*_s(e)*pe.f32))}var Ln=class{rows;#e;#t;#r;constructor(t,r,n){this.rows=r,this.#e=t,this.#r=n,this.#t=Array.from({length:t.layers},()=>this.#n(n))}get length(){return this.#r}get bytes(){return qg(this.#e,this.rows,this.#r)}layer(t){return this.#t[t]}grow(t){if(this.rows!==1)throw new Error(`a cache of one sequence can grow, found one of ${this.rows}`);let{gpu:r}=this.#e;this.#t.forEach((n,o)=>{let s=this.#n(t),i=new Ae(r);St(i,s.rows(0,this.#r),n);let a=i.compile();a.run(),a.destroy(),n.destroy(r),this.#t[o]=s}),this.#r=t}#n(t){return oe.of(this.#e.gpu,[this.rows*t,_s(this.#e)])}destroy(){for(let t of this.#t)t.destroy(this.#e.gpu);this.#t.length=0}};var rl=65535;function nl(e,t,r,n){let{ids:o,images:s}=t,{vocabulary:i,maxPositions:a,imageTokens:u,imageId:c,gpu:d}=e,l=w=>new $(`${n}: ${w}`);if(o.length===0)throw l("expected at least one token, found none");if(o.length>a)throw l(`${o.length} tokens are over the model's ${a} positions; shorten it`);let{heads:f,groups:p}=e.heads,h=2*o.length*f/p;if($e(d)==="cpu"&&h>rl)throw l(`${o.length} tokens make attention loop ${h} times, and drivers that run on the CPU may cut loops at ${rl} in silence; shorten it, or use a graphics card`);let m=0;for(let w of o)if(w===c)m++;else if(w<0||w>=i)throw l(`token ${w} is not in the vocabulary of ${i}`);if(m!==s.length*u)throw l(`expected ${u} image placeholders for each of ${s.length} images, found ${m}`);let g=s.find(w=>w.length!==r);if(g)throw l(`expected ${r} values an image, found ${g.length}`)}var Ug=32;function Pn(e){let t=e.reduce((n,{ids:o})=>n+o.length,0),r=e.reduce((n,o)=>n+o.images.length,0);return{rows:Wg(t),images:Math.max(1,r)}}function Wg(e){let t=Math.max(Ug,2**Math.floor(Math.log2(Math.max(1,e))-3));return Math.max(t,Math.ceil(e/t)*t)}function In(e,{rows:t,images:r},n){return{index:{ids:e.input("ids",[t],"i32"),image:e.input("image",[t],"i32"),place:e.input("place",[r*n],"i32"),held:e.input("held",[t,3],"i32"),rows:e.input("rows",[t],"i32")},positions:e.input("positions",[t],"i32"),span:e.input("span",[t,2],"i32")}}function jn(e,{rows:t,images:r},{imageTokens:n,imageId:o,paddingId:s}){let i=new Int32Array(e.reduce((d,{ids:l})=>d+l.length,0)),a=new Int32Array(t),u=0;for(let{ids:d}of e){i.set(d,u);for(let l=0;l<d.length;l++)a[u+l]=l;u+=d.length}let c=e.reduce((d,l)=>d+l.images.length,0)*n;return{...Tn(i,{imageId:o,rows:t,features:r*n,used:c,padding:s}),positions:a,span:_n(e.map(({ids:d})=>d.length),t)}}function Bn(e,t,r){let n=new Float32Array(t*r),o=0;for(let s of e.flatMap(i=>i.images)){if(s.length!==r)throw new Error(`expected ${r} values an image, found ${s.length}`);n.set(s,r*o++)}return n}function ol(e){let{maxNewTokens:t,stops:r,batchSize:n=64}=e,{temperature:o=0,topK:s=0,topP:i=1,repetitionPenalty:a=1}=e,u=[["maxNewTokens",t,Number.isInteger(t)&&t>=1,"be at least 1"],["batchSize",n,Number.isInteger(n)&&n>=1,"be at least 1"],["temperature",o,o>=0&&o<1/0,"be at least 0"],["topK",s,Number.isInteger(s)&&s>=0,"be a whole number of at least 0"],["topP",i,i>=0&&i<=1,"lie between 0 and 1"],["repetitionPenalty",a,a>0&&a<1/0,"be above 0"],...r.map(c=>["stops",c,c===(c|0),"be token ids"])];for(let[c,d,l,f]of u)if(!l)throw new $(`${c} must ${f}, found ${d}`)}function zn(e,t,r,n){let{length:o}=t.ids;if(o+r>e.maxPositions)throw new $(`${n}: ${o} tokens and ${r} new ones are over the model's ${e.maxPositions} positions; shorten the prompt or the answer`);if(nl(e,t,e.imageTokens*e.featureWidth,n),Rn(e,o+r)<1)throw new $(`${n}: the keys and values of ${o} tokens and ${r} new ones are over the ${e.gpu.largestBinding} bytes that a binding of this adapter holds; shorten the prompt or the answer`)}var sl=`// What rows attended to, their heads averaged: y[i, j] = 1/heads \xB7 \u03A3_h exp(q_h\xB7k_h\xB7scale \u2212 lse_h)  [count, length]
//
// Of row asked[i], for row j of its sequence, from the very queries, keys and log-sum-exps of a forward pass
// (attention_forward.wgsl, attention_tiled_forward.wgsl): nothing is normalised anew, so that a row of y sums up to 1 as far
// as that pass was exact. 0 for rows that are not seen, and everywhere for padding.
//
// An invocation a pair of rows: a loop over heads.

//#include spread

struct Params { rows: u32, heads: u32, groups: u32, causal: u32, scale: f32, count: u32, length: u32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<qkv_t4>; // [rows, (heads + 2\xB7groups)\xB7D] queries, keys, values
@group(0) @binding(1) var<storage, read_write> span: array<vec2i>; // [rows] first and end of the row's sequence
@group(0) @binding(2) var<storage, read_write> lse: array<f32>;    // [rows, heads] log \u03A3 exp of the scores
@group(0) @binding(3) var<storage, read_write> asked: array<i32>;  // [count] rows
@group(0) @binding(4) var<storage, read_write> y: array<f32>;      // [count, length]
@group(0) @binding(5) var<uniform> p: Params;

//#include spans
//#include lane_sum

@compute @workgroup_size(\${WORKGROUP})
fn attention_probabilities(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count * p.length) { return; }
  let row = u32(asked[i / p.length]);
  let seen = sees(row);
  let other = min(seen.x, p.rows) + i % p.length;
  if (other >= seen.y) { // padding ends before it begins
    y[i] = 0.0;
    return;
  }
  let stride = (p.heads + 2u * p.groups) * \${D4}u;
  let shared_by = p.heads / p.groups;
  var sum = 0.0;
  for (var head = 0u; head < p.heads; head++) {
    let query = row * stride + head * \${D4}u;
    let key = other * stride + (p.heads + head / shared_by) * \${D4}u;
    var s = vec4f();
    //#repeat d D4
    s = fma(vec4f(qkv[query + \${d}u]), vec4f(qkv[key + \${d}u]), s);
    //#end d
    sum += exp(lane_sum(s) * p.scale - lse[row * p.heads + head]);
  }
  y[i] = sum / f32(p.heads);
}
`;var Kg={name:"attention_probabilities",wgsl:sl,f16:["qkv"],constants:({headSize:e})=>({D4:e/4,BLOCK:0}),bindings:()=>["qkv","span","lse","asked","y"],params:({rows:e,heads:t,groups:r,causal:n,scale:o,count:s,length:i})=>[e,t,r,Number(n),ne(o),s,i],workgroup:()=>64,groups:({count:e,length:t},r)=>j(e*t,r)};function il(e,{qkv:t,span:r,lse:n,layout:o,causal:s,scale:i},a,u){let[c=0]=t.shape,[d=0]=a.shape;q("attention probabilities","asked",a.shape,[d]);let l=e.empty([d,u],"attention probabilities");return e.dispatch(Kg,{...o,rows:c,scale:i,causal:s,count:d,length:u},[t,r,n,a,l]),l}async function al(e,t,r){let{gpu:n,imageTokens:o,featureWidth:s}=e;zn(e,t,r.length,"the prompt");let i=new Int32Array(t.ids.length+r.length-1);i.set(t.ids),i.set(r.subarray(0,-1),t.ids.length);let a={ids:i,images:t.images},u=Pn([a]),c=new Ae(n),d=In(c,u,o),l=c.constant(Int32Array.from(r,(h,m)=>t.ids.length-1+m)),f=[];c.noGrad(()=>{let h=new Set,m=c.input("images",[u.images*o,s]),g=e.embed(c,e.project(c,m,h),d.index,h),w=(_,v)=>{let O=os(c,v,d.span,e.heads,!0);return f.push(c.output(il(c,O,l,i.length))),O.o};e.decode(c,g,d.positions,w,h)});let p=c.compile();try{return p.upload({...jn([a],u,e),images:Bn([a],u.images,o*s)}),await e.gpu.compiled(),p.run(),{length:i.length,layers:await Promise.all(f.map(h=>h.read(n)))}}finally{p.destroy()}}var cl=`// The end of a generation step: each row takes its next token and moves on by one place.
//
// Greedy: the best of the parts that best_tokens.wgsl left, the first of equals; with CHOSEN the token that the host put
// into \`token\`. A row is done once it has taken a token of \`stops\`, or the most it may; then it keeps its last token and
// stays where it is. state [rows, 2]: tokens taken, done. An invocation a row.

struct Params { rows: u32, most: u32, stops: u32, parts: u32, words: u32 }

@group(0) @binding(0) var<storage, read_write> token: array<i32>;     // [rows] the token taken
@group(0) @binding(1) var<storage, read_write> position: array<i32>;  // [rows] += 1
@group(0) @binding(2) var<storage, read_write> place: array<i32>;     // [rows] += 1: where its key goes
@group(0) @binding(3) var<storage, read_write> state: array<i32>;
@group(0) @binding(4) var<storage, read_write> output: array<i32>;    // [rows, most]
@group(0) @binding(5) var<storage, read_write> stops: array<i32>;     // [stops]
//#if CHOSEN
@group(0) @binding(6) var<uniform> p: Params;
//#elif PENALTY
@group(0) @binding(6) var<storage, read_write> best: array<vec2u>;    // [rows, parts] the logit's bits, the token
@group(0) @binding(7) var<storage, read_write> seen: array<u32>;      // [rows, words] a bit a token
@group(0) @binding(8) var<uniform> p: Params;
//#else
@group(0) @binding(6) var<storage, read_write> best: array<vec2u>;
@group(0) @binding(7) var<uniform> p: Params;
//#end CHOSEN

@compute @workgroup_size(\${WORKGROUP})
fn advance(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  if (row >= p.rows) { return; }
  let taken = u32(state[2u * row]);
  if (state[2u * row + 1u] != 0 || taken >= p.most) { return; }
  //#if CHOSEN
  let next = token[row];
  //#else
  var chosen = best[row * p.parts].y;
  var most = bitcast<f32>(best[row * p.parts].x);
  for (var k = 1u; k < p.parts; k++) {
    let part = best[row * p.parts + k];
    let value = bitcast<f32>(part.x);
    if (value > most || (value == most && part.y < chosen)) {
      most = value;
      chosen = part.y;
    }
  }
  let next = i32(chosen);
  token[row] = next;
  //#end CHOSEN
  //#if PENALTY
  seen[row * p.words + chosen / 32u] |= 1u << (chosen % 32u);
  //#end PENALTY
  var done = taken + 1u >= p.most;
  for (var k = 0u; k < p.stops; k++) { done = done || next == stops[k]; }
  output[row * p.most + taken] = next;
  state[2u * row] = i32(taken + 1u);
  state[2u * row + 1u] = select(0, 1, done);
  position[row] += 1;
  place[row] += 1;
}
`;var ul=`// The largest logit of each part of a row, the first of equals: part k has entries 4\xB7k \u2026 4\xB7k + 3 of every 4\xB7parts.
//
// With PENALTY the logits of tokens that the row has seen are first divided by the penalty, or multiplied where they
// are negative (Keskar et al. 2019). An invocation a part; advance.wgsl takes the best of the parts.

//#include spread

struct Params { rows: u32, vocab: u32, parts: u32, penalty: f32, words: u32 }

@group(0) @binding(0) var<storage, read_write> z: array<f32>;       // [rows, vocab]
@group(0) @binding(1) var<storage, read_write> best: array<vec2u>;  // [rows, parts] the logit's bits, the token
//#if PENALTY
@group(0) @binding(2) var<storage, read_write> seen: array<u32>;    // [rows, words] a bit a token
@group(0) @binding(3) var<uniform> p: Params;
//#else
@group(0) @binding(2) var<uniform> p: Params;
//#end PENALTY

fn logit(row: u32, token: u32) -> f32 {
  let value = z[row * p.vocab + token];
  //#if PENALTY
  if (((seen[row * p.words + token / 32u] >> (token % 32u)) & 1u) == 0u) { return value; }
  return select(value / p.penalty, value * p.penalty, value < 0.0);
  //#else
  return value;
  //#end PENALTY
}

@compute @workgroup_size(\${WORKGROUP})
fn best_tokens(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.parts;
  if (row >= p.rows) { return; }
  let first = 4u * (i % p.parts);
  var chosen = min(first, p.vocab - 1u);
  var most = logit(row, chosen);
  for (var at = first; at < p.vocab; at += 4u * p.parts) {
    //#repeat j 4
    let token\${j} = min(at + \${j}u, p.vocab - 1u);
    let value\${j} = logit(row, token\${j});
    if (value\${j} > most) {
      most = value\${j};
      chosen = token\${j};
    }
    //#end j
  }
  best[i] = vec2u(bitcast<u32>(most), chosen);
}
`;var Hg={name:"best_tokens",wgsl:ul,constants:({penalty:e})=>({PENALTY:+(e!==1)}),bindings:({penalty:e})=>["z","best",...e===1?[]:["seen"]],params:({rows:e,vocab:t,parts:r,penalty:n})=>[e,t,r,ne(n),kr(t)],groups:({rows:e,parts:t},r)=>j(e*t,r)},ll={name:"advance",wgsl:cl,constants:({chosen:e,penalty:t})=>({CHOSEN:Number(e),PENALTY:Number(t)}),bindings:({chosen:e,penalty:t})=>["token","position","place","state","output","stops",...e?[]:["best"],...t?["seen"]:[]],params:({rows:e,vocab:t,most:r,stops:n,parts:o})=>[e,r,n,o,kr(t)],groups:({rows:e},t)=>[Math.ceil(e/t),1,1]};function kr(e){return Math.ceil(e/32)}var Jg={cpu:16,gpu:256},Xg=65535;function ys(e,t,r,n){let[o=0,s=0]=t.output.shape,[i=0]=t.stops.shape,a=[t.token,t.position,t.place,t.state,t.output,t.stops];if(!r){let h={rows:o,vocab:0,most:s,stops:i,parts:0,chosen:!0,penalty:!1};e.dispatch(ll,h,a);return}q("advance","logits",r.shape,[o,-1]);let u=r.shape[1],c=n?.penalty??1,d=n&&c!==1?[n.seen]:[];for(let{shape:h}of d)q("advance","seen",h,[o,kr(u)]);let l=Math.max(Jg[$e(e.gpu)],Math.ceil(u/(4*Xg))),f=e.empty([o,l,2],"best tokens","i32");e.dispatch(Hg,{rows:o,vocab:u,parts:l,penalty:c},[r,f,...d]);let p={rows:o,vocab:u,most:s,stops:i,parts:l,chosen:!1,penalty:c!==1};e.dispatch(ll,p,[...a,f,...d])}var dl=`// Attention of new rows over the cached keys and values of their sequences (forward only).
//
// Row r's sequence begins at cache row place[r] \u2212 position[r], and place[r] is the last that it sees: its own. Negative
// places are padding. o = softmax(q\xB7K\u1D40\xB7scale)\xB7V by running maximum. An invocation takes HEADS heads that share keys,
// so that each key and value is loaded once for all of them.
//
// With SPLIT a sequence is dealt to p.splits invocations, row by row in turn; each leaves a part that is not divided by
// its sum yet, and cached_attention_join.wgsl puts the parts together. With BLOCK, which long caches have, so many rows
// are added up at a time.

//#include spread

struct Params { rows: u32, heads: u32, groups: u32, splits: u32, scale: f32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<vec4f>;     // [rows, (heads + 2\xB7groups)\xB7D]
@group(0) @binding(1) var<storage, read_write> kept: array<vec4f>;    // [places, 2\xB7groups\xB7D]
@group(0) @binding(2) var<storage, read_write> position: array<i32>;  // [rows]
@group(0) @binding(3) var<storage, read_write> place: array<i32>;     // [rows]
//#if SPLIT
@group(0) @binding(4) var<storage, read_write> parts: array<vec4f>;   // [rows\xB7heads, splits, D]
@group(0) @binding(5) var<storage, read_write> sums: array<vec2f>;    // [rows\xB7heads, splits] largest score, \u03A3 exp
@group(0) @binding(6) var<uniform> p: Params;
//#else
@group(0) @binding(4) var<storage, read_write> o: array<vec4f>;       // [rows, heads\xB7D]
@group(0) @binding(5) var<uniform> p: Params;
//#end SPLIT

//#include lane_sum

@compute @workgroup_size(\${WORKGROUP})
fn cached_attention(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let shared_by = p.heads / p.groups; // heads
  let tiles = (shared_by + \${HEADS - 1}u) / \${HEADS}u;
  let row = i / (p.splits * tiles * p.groups);
  if (row >= p.rows) { return; }
  let split = i % p.splits;
  let tile = i / p.splits % tiles;
  let group = i / (p.splits * tiles) % p.groups;
  //#repeat h HEADS
  let own\${h} = tile * \${HEADS}u + \${h}u < shared_by;
  let head\${h} = group * shared_by + min(tile * \${HEADS}u + \${h}u, shared_by - 1u);
  let query\${h} = (row * (p.heads + 2u * p.groups) + head\${h}) * \${D4}u;
  var most\${h} = -1e30;
  var sum\${h} = 0.0;
  //#if BLOCK
  var all_most\${h} = -1e30; // of the blocks before, their sums
  var all_sum\${h} = 0.0;
  //#end BLOCK
  //#repeat d D4
  let q\${h}_\${d} = qkv[query\${h} + \${d}u];
  var o\${h}_\${d} = vec4f();
  //#if BLOCK
  var all\${h}_\${d} = vec4f();
  //#end BLOCK
  //#end d
  //#end h
  let stride = 2u * p.groups * \${D4}u;
  let first = u32(max(place[row] - position[row], 0)) * stride + group * \${D4}u;
  let end = select(0u, u32(position[row] + 1), place[row] >= 0);
  //#if BLOCK
  for (var start = split; start < end; start += \${BLOCK}u * p.splits) {
  for (var r = start; r < min(start + \${BLOCK}u * p.splits, end); r += p.splits) {
  //#else
  for (var r = split; r < end; r += p.splits) {
  //#end BLOCK
    let key = first + r * stride;
    let value = key + p.groups * \${D4}u;
    //#repeat h HEADS
    var s\${h} = vec4f();
    //#end h
    //#repeat d D4
    let k\${d} = kept[key + \${d}u];
    //#repeat h HEADS
    s\${h} = fma(q\${h}_\${d}, k\${d}, s\${h});
    //#end h
    //#end d
    //#repeat h HEADS
    let score\${h} = lane_sum(s\${h}) * p.scale;
    let top\${h} = max(most\${h}, score\${h});
    let fade\${h} = exp(most\${h} - top\${h});
    let e\${h} = exp(score\${h} - top\${h});
    most\${h} = top\${h};
    sum\${h} = fma(sum\${h}, fade\${h}, e\${h});
    //#end h
    //#repeat d D4
    let v\${d} = kept[value + \${d}u];
    //#repeat h HEADS
    o\${h}_\${d} = fma(vec4f(e\${h}), v\${d}, o\${h}_\${d} * fade\${h});
    //#end h
    //#end d
  }
  //#if BLOCK
  //#repeat h HEADS
  let fade\${h} = exp(all_most\${h} - most\${h});
  all_most\${h} = most\${h};
  all_sum\${h} = fma(all_sum\${h}, fade\${h}, sum\${h});
  sum\${h} = 0.0;
  //#repeat d D4
  all\${h}_\${d} = fma(all\${h}_\${d}, vec4f(fade\${h}), o\${h}_\${d});
  o\${h}_\${d} = vec4f();
  //#end d
  //#end h
  }
  //#repeat h HEADS
  sum\${h} = all_sum\${h};
  //#repeat d D4
  o\${h}_\${d} = all\${h}_\${d};
  //#end d
  //#end h
  //#end BLOCK
  //#repeat h HEADS
  if (own\${h}) {
    let at\${h} = row * p.heads + head\${h};
    //#if SPLIT
    sums[at\${h} * p.splits + split] = vec2f(most\${h}, sum\${h});
    //#repeat d D4
    parts[(at\${h} * p.splits + split) * \${D4}u + \${d}u] = o\${h}_\${d};
    //#end d
    //#else
    let share\${h} = select(0.0, 1.0 / sum\${h}, sum\${h} > 0.0);
    //#repeat d D4
    o[at\${h} * \${D4}u + \${d}u] = o\${h}_\${d} * share\${h};
    //#end d
    //#end SPLIT
  }
  //#end h
}
`;var fl=`// Puts together what cached_attention.wgsl left in parts: o = \u03A3 e\u02E2\xB7part / \u03A3 e\u02E2\xB7sum, e\u02E2 = exp(largest of the part \u2212
// largest of all); 0 where there is nothing to attend to. An invocation four values of a row and head.

//#include spread

struct Params { count: u32, splits: u32 }

@group(0) @binding(0) var<storage, read_write> parts: array<vec4f>;  // [rows\xB7heads, splits, D]
@group(0) @binding(1) var<storage, read_write> sums: array<vec2f>;   // [rows\xB7heads, splits] largest score, \u03A3 exp
@group(0) @binding(2) var<storage, read_write> o: array<vec4f>;      // [rows\xB7heads, D]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn cached_attention_join(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count) { return; }
  let first = i / \${D4}u * p.splits;
  let d = i % \${D4}u;
  var most = -1e30;
  for (var s = 0u; s < p.splits; s++) { most = max(most, sums[first + s].x); }
  var sum = 0.0;
  var total = vec4f();
  for (var s = 0u; s < p.splits; s++) {
    let part = sums[first + s];
    let e = exp(part.x - most);
    sum = fma(e, part.y, sum);
    total = fma(vec4f(e), parts[(first + s) * \${D4}u + d], total);
  }
  o[i] = total * select(0.0, 1.0 / sum, sum > 0.0);
}
`;var pl={name:"cached_attention",wgsl:dl,constants:({headSize:e,tile:t,splits:r,length:n})=>({D4:e/4,HEADS:t,SPLIT:+(r>1),...Gt(Math.ceil(n/r),r>1?ew:void 0)}),bindings:({splits:e})=>["qkv","kept","position","place",...e>1?["parts","sums"]:["o"]],params:({rows:e,heads:t,groups:r,headSize:n,splits:o,scale:s=1/Math.sqrt(n)})=>[e,t,r,o,ne(s)],groups:({rows:e,heads:t,groups:r,tile:n,splits:o},s)=>j(e*r*Math.ceil(t/r/n)*o,s)},Qg={name:"cached_attention_join",wgsl:fl,constants:({headSize:e})=>({D4:e/4}),bindings:()=>["parts","sums","o"],params:({rows:e,heads:t,headSize:r,splits:n})=>[e*t*r/4,n],groups:({rows:e,heads:t,headSize:r},n)=>j(e*t*r/4,n)},ew=256,tw=256,rw={cpu:{enough:64,splits:16},gpu:{enough:2048,splits:64}};function nw(e,t){let{rows:r,heads:n,groups:o,headSize:s}=e,i=n/o,a=t==="cpu"?Math.max(1,Math.floor(tw/s)):1,u=Math.ceil(i/a),{enough:c,splits:d}=rw[t];return{...e,tile:Math.ceil(i/u),splits:r*o*u>=c?1:d}}var hl=65e3;function vs(e,t,r,n,o,s){let{heads:i,groups:a,headSize:u}=o,[c=0]=t.shape,[d=0]=r.shape;q("cached attention","qkv",t.shape,[c,(i+2*a)*u]),q("cached attention","cache",r.shape,[d,$r(o)]),q("cached attention","position",n.position.shape,[c]),q("cached attention","place",n.place.shape,[c]);let l=Ht(u);if(l!==u){let f=ut(e,t,u,l),p={...o,headSize:l,rows:c,length:s,scale:1/Math.sqrt(u)},h=ml(e,[f,r,n.position,n.place],p);return ut(e,h,l,u).view([c,i*u])}return ml(e,[t,r,n.position,n.place],{...o,rows:c,length:s})}function ml(e,t,r){let{rows:n,heads:o,headSize:s,length:i}=r,a={...nw(r,$e(e.gpu)),...r},{splits:u}=a;if(Math.ceil(i/u)>hl)throw new Error(`cached attention: ${i} rows are over ${hl*u}; shorten the sequence`);let c=e.empty([n,o*s],"attention");if(u===1)return e.dispatch(pl,a,[...t,c]),c;let d=e.empty([n*o,u,s],"attention parts"),l=e.empty([n*o,u,2],"attention sums");return e.dispatch(pl,a,[...t,d,l]),e.dispatch(Qg,a,[d,l,c]),c}var CT=64<<20;function bs(e,t,r){let n=e.empty([t.shape[0]??0,r.shape[0]??0],"logits");return le(e,"NT",t,r,n),n}var Ze=new Set;function gl(e,t,r,n,o,s){if(r>0&&t.length>1)throw new Error("the cache of one prompt can be gone on with");let{imageTokens:i,featureWidth:a}=e,u=Pn(t),c=new Ae(e.gpu),d=In(c,u,i),l=new Int32Array(u.rows).fill(-1),f=[],p=0;t.forEach(({ids:v},O)=>{for(let A=0;A<v.length;A++)l[p+A]=O*n.length+r+A;p+=v.length,f.push(p-1)});let h=c.constant(l),m=c.constant(Int32Array.from(f)),g=c.noGrad(()=>{let v=c.input("images",[u.images*i,a]),O=e.embed(c,e.project(c,v,Ze),d.index,Ze),A=zu(c,d.span,e.heads),N={position:d.positions,place:h},R=(T,P)=>(ws(c,P,h,n.layer(T),e.heads),r===0?A(T,P):vs(c,P,n.layer(T),N,e.heads,n.length)),B=e.decode(c,O,d.positions,R,Ze),K=e.finish(c,Xt(c,B,m,d.positions),Ze);return bs(c,K,e.head(Ze))});yl(c,o,g,s);let w=c.compile(),_=jn(t,u,e);return w.upload({..._,positions:_.positions.map(v=>v+r),images:Bn(t,u.images,i*a)}),{program:w,z:g}}function wl(e,t,r,n){let o=r.token.size,s=new Ae(e.gpu),i=s.constant(new Int32Array(o).fill(-1)),a=s.noGrad(()=>{let u={ids:r.token,image:i,place:s.constant(Int32Array.of(-1)),held:i,rows:i},c=e.embed(s,s.input("no features",[1,e.width]),u,Ze),d=(f,p)=>(ws(s,p,r.place,t.layer(f),e.heads),vs(s,p,t.layer(f),r,e.heads,t.length)),l=e.decode(s,c,r.position,d,Ze);return bs(s,e.finish(s,l,Ze),e.head(Ze))});return yl(s,r,a,n),{program:s.compile(),z:a}}function _l(e,t){let r=new Ae(e.gpu);return ys(r,t),r.compile()}function yl(e,t,r,n){n.on==="host"?e.output(r):ys(e,t,r,n.repetition)}var Dn=class{words;#e;constructor(t,r){this.#e=t,this.words=new Int32Array(kr(t));for(let n of r)this.add(n)}add(t){t<this.#e&&(this.words[t>>5]|=1<<(t&31))}penalised(t,r){return t.map((n,o)=>(this.words[o>>5]>>(o&31)&1)===0?n:n<0?n*r:n/r)}};function ow(e,t){let{temperature:r,topK:n=0,topP:o=1}=t,s=Float32Array.from(e),i=sw(s),a=s[i[0]];if(!Number.isFinite(a))throw new fe(`expected finite logits, found ${a} for token ${i[0]}`);let u=n>0&&n<i.length?s[i[n-1]]:-1/0,c=[],d=[],l=0;for(let h of i){if(s[h]<u)break;let m=Math.exp((s[h]-a)/r);c.push(h),d.push(m),l+=m}let f=0,p=0;for(;f<c.length&&(f===0||p<o*l);)p+=d[f++];return{ids:c.slice(0,f),shares:d.slice(0,f),whole:p}}function vl(e,t,r){if(t.temperature<=0){let a=0;for(let u=1;u<e.length;u++)e[u]>e[a]&&(a=u);return a}let{ids:n,shares:o,whole:s}=ow(e,t),i=r.next()*s;for(let a=0;a<n.length;a++)if((i-=o[a])<0)return n[a];return n.at(-1)}var Er=2**21;function sw(e){let t=e.length;if(t>Er)throw new RangeError(`expected at most ${Er} logits, found ${t}`);let r=new Int32Array(e.map(o=>o===0?0:o).buffer),n=new Float64Array(t);for(let o=0;o<t;o++){let s=r[o]>=0?-1-r[o]:r[o]&2147483647;n[o]=s*Er+o}return n.sort(),Uint32Array.from(n,o=>o-Math.floor(o/Er)*Er)}var bl=8;async function xl(e,t,{prompts:r,held:n,streams:o},s){let{gpu:i}=e,{maxNewTokens:a,stops:u,repetitionPenalty:c=1,temperature:d=0,signal:l}=s,f=r.length,p=(v,O)=>oe.of(i,v,O,"i32"),h={token:p([f]),position:p([f],r.map(({ids:v})=>v.length-1)),place:p([f],r.map(({ids:v},O)=>O*t.length+v.length-1)),state:p([f,2]),output:p([f,a]),stops:p([u.length],u)},m=Object.values(h),g=c===1?void 0:r.map(({ids:v})=>new Dn(e.vocabulary,v)),w={on:"host"};if(d===0){let v=g&&{seen:p([f,g[0].words.length],iw(g)),penalty:c};v&&m.push(v.seen),w={on:"device",repetition:v}}let _=new xs(e,t,h,w,s);try{l?.throwIfAborted();let v=n.tokens===0?r:r.map(({ids:A,images:N})=>({ids:A.subarray(n.tokens),images:N.slice(n.images)})),O=await _.read(v,n.tokens);return w.on==="device"?await _.greedy():await _.drawn(O,o,g,c),await _.answers()}finally{_.destroy();for(let v of m)v.destroy(i)}}function iw(e){let t=new Int32Array(e.length*e[0].words.length);return e.forEach((r,n)=>t.set(r.words,n*r.words.length)),t}var xs=class{#e;#t;#r;#n;#o;#s=[];#i;#c;#a;constructor(t,r,n,o,s){this.#e=t,this.#t=r,this.#r=n,this.#n=o,this.#o=s,this.#i=n.token.size,this.#c=new Array(this.#i).fill(0)}async read(t,r){let{program:n,z:o}=gl(this.#e,t,r,this.#t,this.#r,this.#n);return this.#s.push(n),this.#o.maxNewTokens>1&&this.#d(),await this.#e.gpu.compiled(),n.run(),o}async greedy(){let{maxNewTokens:t,onToken:r}=this.#o;if(r)return await this.#u();for(let n=1;n<t;n+=bl)if(this.#f(Math.min(bl,t-n)),await this.#l())return}async#u(){let t=this.#l();for(let r=1;r<this.#o.maxNewTokens;r++){if(t.catch(()=>{}),this.#f(1),await t)return;t=this.#l()}await t}async drawn(t,r,n,o){let{gpu:s}=this.#e,{temperature:i=0,maxNewTokens:a,stops:u,onToken:c,signal:d}=this.#o,l=_l(this.#e,this.#r);this.#s.push(l);let f=r.map(()=>!1);for(let p=1;;p++){let h=await t.read(s);d?.throwIfAborted();let m=h.length/this.#i,g=r.map((w,_)=>{if(f[_])return 0;let v=h.subarray(_*m,(_+1)*m),O=n?n[_].penalised(v,o):v,A=vl(O,{...this.#o,temperature:i},w);return n?.[_]?.add(A),f[_]=u.includes(A),f[_]||c?.(A,_),A});if(this.#r.token.write(s,Int32Array.from(g)),l.run(),p===a||f.every(w=>w))return;t=this.#f(1)}}#d(){return this.#a||(this.#a=wl(this.#e,this.#t,this.#r,this.#n),this.#s.push(this.#a.program)),this.#a}#f(t){let{program:r,z:n}=this.#d();return r.run(t),n}async#l(){let{gpu:t}=this.#e,{maxNewTokens:r,stops:n,onToken:o,signal:s}=this.#o,[i,a]=await Promise.all([this.#r.state.read(t),o?this.#r.output.read(t):void 0]);return s?.throwIfAborted(),this.#c.forEach((u,c)=>{let d=i[2*c];for(let l of a?.subarray(c*r+u,c*r+d)??[])n.includes(l)||o?.(l,c);this.#c[c]=d}),this.#c.every((u,c)=>i[2*c+1]===1)}async answers(){let{gpu:t}=this.#e,{maxNewTokens:r,stops:n}=this.#o,[o,s]=[await this.#r.state.read(t),await this.#r.output.read(t)];return this.#c.map((i,a)=>{let u=Int32Array.from(s.subarray(a*r,a*r+o[2*a])),c=u.at(-1);return c!==void 0&&n.includes(c)?{ids:u.slice(0,-1),stop:c}:{ids:u,stop:void 0}})}destroy(){for(let t of this.#s)t.destroy()}};var aw=4,qn=class{#e;#t;#r={ids:new Int32Array(0),images:[]};constructor(t){this.#e=t}get tokens(){return this.#r.ids.length}get bytes(){return this.#t?.bytes??0}async answer(t,r){ol(r),zn(this.#e,t,r.maxNewTokens,"the prompt");let n=uw(this.#e,this.#r,t),o=aw*n.tokens>=t.ids.length?n:{tokens:0,images:0},s=this.#n(t.ids.length+r.maxNewTokens,o.tokens);this.#r={ids:new Int32Array(0),images:[]};let i={prompts:[t],held:o,streams:[new Re(r.seed??0).fork("prompt 0")]},[a]=await xl(this.#e,s,i,r),{ids:u,stop:c}=a,d=c===void 0?u.subarray(0,-1):u;return this.#r={ids:cw(t.ids,d),images:t.images},{ids:u,stop:c,reused:o.tokens}}#n(t,r){let n=this.#t;if(n&&n.length>=t)return n;if(!n||r===0)return n?.destroy(),this.#t=new Ln(this.#e,1,t);let o=Math.min(this.#e.maxPositions,Rn(this.#e,1));return n.grow(Math.max(t,Math.min(2*n.length,o))),n}destroy(){this.#t?.destroy(),this.#t=void 0,this.#r={ids:new Int32Array(0),images:[]}}};function cw(e,t){let r=new Int32Array(e.length+t.length);return r.set(e),r.set(t,e.length),r}function uw({imageId:e,imageTokens:t},r,n){let o=Math.min(r.ids.length,n.ids.length-1),s=0,i=0;for(let a=0;a<o&&r.ids[a]===n.ids[a];a++){if(n.ids[a]===e){let u=s/t;if(Number.isInteger(u)&&!lw(r.images[u],n.images[u]))break;s++}s%t===0&&(i=a+1)}return{tokens:i,images:Math.floor(s/t)}}function lw(e,t){return!e||!t||e.length!==t.length?!1:e===t||e.every((r,n)=>r===t[n])}var dw="cotbal: ";async function Be(e,t){let r=performance.now();try{return await t()}finally{performance.measure(`${dw}${e}`,{start:r,end:performance.now()})}}var Te={rows:0,columns:0};function Yt({rows:e,columns:t}){return e===0||t===0?1:e*t+1}function $l(e){let{image_size:t,patch_size:r}=e.vision_config,n=Wt(e),o=Math.floor(Math.sqrt(n)),s=Math.floor(t/r)*r/t;return{side:o,before:n-o*o,cover:s}}function kl(e,{side:t,before:r,cover:n},{grid:o,shown:s}){let i=o.rows>0&&o.columns>0,[a,u]=i?[o.columns*t,o.rows*t]:[t,t],c=new Float64Array(a*u),d=r+t*t,l=0,f=i?o.columns*o.rows:0;for(let h=0;h<=f;h++){let m=h*d;for(let A=0;A<r;A++)l+=e[m+A];let g=h===f,w=g?0:t*(h%o.columns),_=g?0:t*Math.floor(h/o.columns),[v,O]=g&&i?[o.columns,o.rows]:[1,1];for(let A=0;A<t*t;A++){let N=w+v*(A%t),R=_+O*Math.floor(A/t),B=e[m+r+A]/(v*O);for(let K=R;K<R+O;K++)for(let T=N;T<N+v;T++)c[K*a+T]+=B}}let p=i?s:{...s,width:s.width*n,height:s.height*n};return{columns:a,rows:u,shown:p,cells:c,elsewhere:l}}var Un=class{layers;#e;#t;constructor(t,r){this.layers=t.layers.length,this.#e=t,this.#t=r}of(t,r){let n=this.#r(t,r),{prompt:o,answer:s,imageId:i,tokenizer:a,tile:u,pictures:c}=this.#t,d=u.before+u.side**2,l=[],f=[];for(let m=0;m<o.length+t;m++){let g=m<o.length?o[m]:s[m-o.length];g===i?f.push(n[m]):l.push({text:a.special(g)??a.decode([g]),share:n[m]})}let p=0;return{pictures:c.map(m=>{let g=p+d*Yt(m.grid),w=kl(f.slice(p,g),u,m);return p=g,w}),onPictures:f.reduce((m,g)=>m+g,0),words:l}}#r(t,r){let{length:n,layers:o}=this.#e,s=a=>a.subarray(t*n,(t+1)*n);if(r!==void 0)return Float64Array.from(s(o[r]));let i=new Float64Array(n);for(let a of o)s(a).forEach((u,c)=>i[c]+=u/o.length);return i}};async function $s(e,t){let{configText:r,weights:n,adapter:o,processor:s,generation:i,tokenizer:a}=t,u=await Be("loading a model",()=>Qu(e,r,n,{trainable:[],adapter:o})),{options:c}=ja({seed:1},i);return{side:s.size,maxPositions:u.maxPositions,begin(d){let l=new Map(d.map((m,g)=>[`picture ${g+1}`,s.picture(m)])),f,p={imageSize:u.imageSize,maxPositions:u.maxPositions,encodeImages:m=>Be("looking at pictures",()=>el(u,m)),session(){let m=new qn(u);return{async answer(g,w){let _=await Be("reading and answering",()=>m.answer(g,w));return f={prompt:g,ids:_.ids},_},destroy:()=>m.destroy()}},destroy:()=>{}},h=new tn(t,p,{tiles:m=>Promise.resolve(l.get(m).tiles),grid:m=>Promise.resolve(l.get(m).grid)},[...l.keys()]);return{async ask(m,g){let w=await h.ask(m,{...c,...g}),{prompt:_,ids:v}=f;return{...w,pieces:pw(a,v),attention:async()=>new Un(await al(u,_,v),{prompt:_.ids,answer:v,imageId:u.imageId,tokenizer:a,tile:$l(u.config),pictures:d.map(({width:O,height:A},N)=>({grid:l.get(`picture ${N+1}`).grid,shown:s.shown(O,A)}))})}},end:()=>h.end()}},destroy:()=>u.destroy()}}function pw(e,t){let r="";return Array.from(t,(n,o)=>{let s=e.decode([...t.subarray(0,o+1)]),i=s.startsWith(r)?s.slice(r.length):e.decode([n]);return r=s,i})}var Wn=[.5,.5,.5],Ss={do_resize:!0,do_rescale:!0,rescale_factor:1/255,do_normalize:!0,resample:3,do_pad:!1,default_to_square:!1},El={kind:"whole",defaults:{...Ss,image_mean:[.48145466,.4578275,.40821073],image_std:[.26862954,.26130258,.27577711],size:{shortest_edge:224},crop_size:{height:224,width:224},do_center_crop:!0}},ks={kind:"whole",defaults:{...Ss,image_mean:Wn,image_std:Wn,size:{height:224,width:224},do_center_crop:!1,crop_size:null}},Sl={kind:"tiles",defaults:{...Ss,default_to_square:!0,resample:1,image_mean:Wn,image_std:Wn,size:{longest_edge:4*364},max_image_size:{longest_edge:364},do_image_splitting:!0,do_pad:!0}},Es={CLIPImageProcessor:El,LlavaImageProcessor:El,SiglipImageProcessor:ks,ViTImageProcessor:{...ks,defaults:{...ks.defaults,resample:2,default_to_square:!0}},Idefics3ImageProcessor:Sl,SmolVLMImageProcessor:Sl},hw={llava:"LlavaImageProcessor",vipllava:"CLIPImageProcessor",clip:"CLIPImageProcessor",siglip:"SiglipImageProcessor",idefics3:"Idefics3ImageProcessor",smolvlm:"SmolVLMImageProcessor"};function Ol(e,t,r){let{image_processor_type:n,feature_extractor_type:o}=t,s=n??(typeof o=="string"?o.replace("FeatureExtractor","ImageProcessor"):o)??r.image_processor_type,i=s??hw[String(r.model_type)],a=typeof i=="string"?i.replace(/(Fast|Pil)$/,""):"",u=Object.hasOwn(Es,a)?Es[a]:void 0;if(u!==void 0)return{...u,name:a};throw new $(`${e}: expected image_processor_type to be one of ${Object.keys(Es).join(", ")}, found ${JSON.stringify(s)??`none, and model_type ${JSON.stringify(r.model_type)??"none"} in config.json`}`)}var Zt="preprocessor_config.json",Tt="processor_config.json",Os=[Zt,Tt];function Al(e){let t=new Map(Os.filter(o=>e.has(o)).map(o=>[o,mw(o,e.get(o))])),r=t.get(Tt)?.image_processor??void 0;if(r!==void 0&&!Tl(r))throw new $(`${Tt}: expected image_processor to be an object, found ${JSON.stringify(r)}`);let n=r??t.get(Zt);if(n===void 0)throw new $(`expected ${Zt}, or ${Tt} with an image_processor, found ${t.has(Tt)?`a ${Tt} without one`:"neither"}. Bring back the files that were saved with the model`);return{file:r===void 0?Zt:`${Tt}, image_processor`,settings:n,save:o=>new Map([...t].map(([s,i])=>{let a=s===Zt?i:r;if(!Object.entries(o).some(([d,l])=>a!==void 0&&a[d]!==l))return[s,e.get(s)];let c=s===Zt?{...i,...o}:{...i,image_processor:{...a,...o}};return[s,new TextEncoder().encode(JSON.stringify(c,null,2)+`
`)]}))}}function Tl(e){return typeof e=="object"&&e!==null&&!Array.isArray(e)}function mw(e,t){let r;try{r=JSON.parse(new TextDecoder().decode(t))}catch(n){throw new $(`${e}: expected JSON, found ${n.message}`)}if(Tl(r))return r;throw new $(`${e}: expected an object, found ${Array.isArray(r)?"a list":String(r)}`)}var As=e=>e===0?1:Math.sin(e*Math.PI)/(e*Math.PI),Cl=[Math.fround(.54),Math.fround(.46)],gw={1:{support:3,weight:e=>-3<=e&&e<3?As(e)*As(e/3):0},2:{support:1,weight:e=>Math.max(0,1-Math.abs(e))},3:{support:2,weight(e){let t=Math.abs(e),r=-.5;return t<1?((r+2)*t-(r+3))*t*t+1:t<2?(((t-5)*t+8)*t-4)*r:0}},4:{support:.5,weight:e=>-.5<e&&e<=.5?1:0},5:{support:1,weight(e){let t=Math.abs(e);return t===0?1:t>=1?0:As(t)*(Cl[0]+Cl[1]*Math.cos(t*Math.PI))}}},Ts=["nearest","Lanczos","bilinear","bicubic","box","Hamming"];var Qt=22;function Sr(e,t,r){let{support:n,weight:o}=gw[e],s=t/r,i=Math.max(s,1),a=1/i,u=n*i,c=Math.ceil(u)*2+1,d=new Int32Array(r),l=new Int32Array(r),f=new Int32Array(r*c);for(let p=0;p<r;p++){let h=(p+.5)*s,m=Math.max(0,Math.trunc(h-u+.5)),g=Math.min(t,Math.trunc(h+u+.5)),w=[],_=0;for(let v=m;v<g;v++){let O=o((v-h+.5)*a);w.push(O),_+=O}d[p]=m,l[p]=w.length;for(let[v,O]of w.entries()){let A=(_===0?O:O/_)*2**Qt;f[p*c+v]=Math.trunc(A+(A<0?-.5:.5))}}return{first:d,count:l,weights:f,taps:c}}var ww=new Set(["image_processor_type","feature_extractor_type","processor_class","auto_map","_valid_processor_keys","do_convert_rgb","return_tensors","return_row_col_info","input_data_format","device","disable_grouping","image_seq_length","video_sampling","model_input_names"]),Cs={data_format:"channels_first",use_square_size:!1,antialias:!0,do_reduce_labels:!1},Nl=2**14,Ns=class{file;fields;constructor(t,r){this.file=t,this.fields=r}wrong(t,r){let n=JSON.stringify(r)??"none";return new $(`${this.file}: expected ${t}, found ${n.length>200?n.slice(0,200)+"...":n}`)}flag(t){let r=this.fields[t];if(typeof r!="boolean")throw this.wrong(`${t} to be true or false`,r);return r}number(t){let r=this.fields[t];if(typeof r!="number"||!Number.isFinite(r))throw this.wrong(`${t} to be a number`,r);return r}colours(t){let r=this.fields[t],n=typeof r=="number"?[r,r,r]:r;if(Array.isArray(n)&&n.length===3&&n.every(o=>Number.isFinite(o)))return n;throw this.wrong(`${t} to be three numbers, or one`,r)}size(t,r){let n=this.fields[t],o=`${t} to be {height, width}, {shortest_edge}, {longest_edge} or a number of pixels`,s=l=>{if(Number.isInteger(l)&&l>0&&l<=Nl)return l;throw this.wrong(`${o}, 1 to ${Nl}`,n)};if(typeof n=="number")return r?{height:s(n),width:s(n)}:{shortest:s(n)};if(Array.isArray(n)&&n.length===2)return{height:s(n[0]),width:s(n[1])};if(typeof n!="object"||n===null||Array.isArray(n))throw this.wrong(o,n);let i=Object.entries(n).filter(([,l])=>l!==null).map(([l])=>l).sort().join(),{height:a,width:u,shortest_edge:c,longest_edge:d}=n;if(i==="height,width")return{height:s(a),width:s(u)};if(i==="shortest_edge")return{shortest:s(c)};if(i==="longest_edge")return{longest:s(d)};if(i==="longest_edge,shortest_edge")return{shortest:s(c),longest:s(d)};throw this.wrong(o,n)}};function Ml(e,t,r){let n=Object.fromEntries(Object.entries(t).filter(([,f])=>f!==null)),o={default_to_square:!0,...r,...n},s=new Ns(e,o);for(let[f,p]of Object.entries(n))if(!(Object.hasOwn(r,f)||ww.has(f)||f==="default_to_square")){if(Object.hasOwn(Cs,f)){if(p===Cs[f])continue;throw s.wrong(`${f} to be ${JSON.stringify(Cs[f])}`,p)}if(!(f.startsWith("do_")&&p===!1)&&!(f==="crop_size"&&o.do_center_crop!==!0))throw s.wrong(`no field "${f}", which this kind of processor does not know`,p)}let i=s.flag("default_to_square"),a=s.number("resample");if(!(a in Ts))throw s.wrong(`resample to be one of ${Ts.map((f,p)=>`${p} (${f})`).join(", ")}`,a);let u="do_center_crop"in r&&s.flag("do_center_crop")?s.size("crop_size",!0):void 0;if(u!==void 0&&!("height"in u))throw s.wrong("crop_size to be {height, width} or a number of pixels",o.crop_size);let d=s.flag("do_normalize")?s.colours("image_std"):void 0;if(d?.some(f=>f===0))throw s.wrong("image_std to have no 0",d);let l="max_image_size"in r?s.size("max_image_size",!1):void 0;if(l!==void 0&&!("longest"in l))throw s.wrong("max_image_size to be {longest_edge}",o.max_image_size);return{size:s.flag("do_resize")?s.size("size",i):void 0,crop:u,pad:s.flag("do_pad"),filter:a,factor:s.flag("do_rescale")?s.number("rescale_factor"):void 0,mean:s.colours("image_mean"),std:d,tile:l?.longest??0,split:l!==void 0&&s.flag("do_image_splitting")}}var _w=2**30;function Qe(e,t,r,n){if(e.width===t&&e.height===r)return e;let o=r<e.height&&e.height-r>2*(e.width-t),s=3*(o?e.width*r:t*e.height),i=Math.max(3*t*r,n===0?0:s);if(t<1||r<1||i>_w)throw new $(`expected a picture that is not too narrow to be resized, found ${e.width} x ${e.height} pixels, which would become ${t} x ${r}; crop it or remove the sample`);return n===0?yw(e,t,r):o?Ll(Fn(e,r,n),t,n):Fn(Ll(e,t,n),r,n)}function yw({width:e,height:t,data:r},n,o){let s=(c,d)=>{let l=c/d,f=l*.5;return Int32Array.from({length:d},()=>{let p=Math.trunc(f);return f+=l,p})},i=s(e,n),a=s(t,o),u=new Uint8Array(3*n*o);for(let[c,d]of a.entries())if(!(d>=t))for(let[l,f]of i.entries()){if(f>=e)continue;let p=3*(d*e+f),h=3*(c*n+l);u[h]=r[p],u[h+1]=r[p+1],u[h+2]=r[p+2]}return{width:n,height:o,data:u}}function Ll(e,t,r){let{width:n,height:o,data:s}=e;if(n===t)return e;let i=Sr(r,n,t),a=new Uint8ClampedArray(3*t*o);for(let u=0;u<o;u++)Ms(a,3*u*t,s,3*u*n,i);return{width:t,height:o,data:new Uint8Array(a.buffer)}}function Ms(e,t,r,n,o){for(let s=0;s<o.first.length;s++)Rl(e,t+3*s,r,n+3*o.first[s],3,o,s)}function Fn(e,t,r){let{width:n,height:o,data:s}=e;if(o===t)return e;let i=Sr(r,o,t),a=new Uint8ClampedArray(3*n*t);for(let u=0;u<t;u++)for(let c=0;c<n;c++){let d=3*(i.first[u]*n+c);Rl(a,3*(u*n+c),s,d,3*n,i,u)}return{width:n,height:t,data:new Uint8Array(a.buffer)}}function Rl(e,t,r,n,o,{weights:s,count:i,taps:a},u){let c=1<<Qt-1,d=c,l=c,f=u*a,p=f+i[u];for(let h=f,m=n;h<p;h++,m+=o){let g=s[h];c=c+r[m]*g|0,d=d+r[m+1]*g|0,l=l+r[m+2]*g|0}e[t]=c>>Qt,e[t+1]=d>>Qt,e[t+2]=l>>Qt}function Il(e,t,r){if(e.width===t&&e.height===r)return e;let n=Math.floor((e.width-t)/2),o=Math.floor((e.height-r)/2);return Ls(e,n,o,t,r)}function Ls(e,t,r,n,o){let s=new Uint8Array(3*n*o),i=Math.max(0,t),a=Math.min(e.width,t+n);for(let u=Math.max(0,r);u<Math.min(e.height,r+o)&&i<a;u++){let c=e.data.subarray(3*(u*e.width+i),3*(u*e.width+a));s.set(c,3*((u-r)*n+i-t))}return{width:n,height:o,data:s}}function jl(e,t,r,n){let{width:o,height:s,data:i}=e,a=Math.max(o,s),u=r??a,c=Math.floor((a-s)/2),d=Math.floor((a-o)/2),l=Pl(t,a),f=n!==0&&u!==a,p=new Uint8ClampedArray(Pl(t,(f?u:a)*a).buffer),h=f?Sr(n,a,u):void 0;for(let g=0;g<s;g++)l.set(i.subarray(3*g*o,3*(g+1)*o),3*d),h===void 0?p.set(l,3*a*(g+c)):Ms(p,3*u*(g+c),l,0,h);let m={width:f?u:a,height:a,data:new Uint8Array(p.buffer)};return f?Fn(m,u,n):Qe(m,u,u,n)}function Pl(e,t){let r=new Uint8Array(3*t);r.set(e);for(let n=3;n<r.length;n*=2)r.copyWithin(n,0,Math.min(n,r.length-n));return r}var Or=4096;function vw({width:e,height:t},r){let n=e/t,o=e>=t,s=a=>Math.max(1,a+a%2),i=o?{width:r,height:s(Math.trunc(r/n))}:{width:s(Math.trunc(r*n)),height:r};if(r>Or){let a=i.width/i.height;i=i.width>=i.height?{width:Or,height:Math.max(1,Math.trunc(Or/a))}:{width:Math.max(1,Math.trunc(Or*a)),height:Or}}return i}function Bl(e,{size:t}){if(t===void 0)return e;if("height"in t)return{width:t.width,height:t.height};if("shortest"in t)throw new Error("shortest_edge is refused when settings are read");return vw(e,t.longest)}function zl({width:e,height:t},r){let n=s=>Math.max(1,Math.ceil(s/r))*r,o=e/t;return e>=t?{width:n(e),height:n(Math.trunc(n(e)/o))}:{width:n(Math.trunc(n(t)*o)),height:n(t)}}function Rs(e,t){if(!t.split)return Te;let{width:r,height:n}=zl(Bl(e,t),t.tile);return r<=t.tile&&n<=t.tile?Te:{rows:n/t.tile,columns:r/t.tile}}function Dl(e,t){let{tile:r,filter:n}=t,o=Bl(e,t),s=Qe(e,o.width,o.height,n),i=l=>Qe(l,r,r,n).data;if(!t.split)return{tiles:[i(s)],grid:Te};let a=zl(o,r),u=Qe(s,a.width,a.height,n),c=Rs(e,t),d=[];for(let l=0;l<c.rows;l++)for(let f=0;f<c.columns;f++)d.push(Ls(u,f*r,l*r,r,r).data);return{tiles:[...d,i(u)],grid:c}}function ql({size:e,crop:t,pad:r}){let n=t??(e!==void 0&&"height"in e?e:void 0);return n!==void 0?n.height===n.width?n.height:null:r&&e!==void 0&&"shortest"in e?Ps(e):void 0}function Ps({shortest:e,longest:t}){return Math.min(e,t??e)}function Ul(e,{size:t,crop:r,pad:n,filter:o,mean:s}){let i=e;if(n){let a=s.map(c=>Math.trunc(c*255)),u=t!==void 0&&"shortest"in t?Ps(t):void 0;i=jl(e,a,u,o),t!==void 0&&"height"in t&&(i=Qe(i,t.width,t.height,o))}else if(t!==void 0){let{width:a,height:u}=Fl(e,t);i=Qe(e,a,u,o)}return r===void 0?i:Il(i,r.width,r.height)}function Wl(e,t){let{size:r,crop:n,pad:o}=t,{width:s,height:i}=e,a={x:0,y:0,width:1,height:1};if(o){let d=Math.max(s,i),l=-Math.floor((d-s)/2)/s,f=-Math.floor((d-i)/2)/i;a={x:l,y:f,width:d/s,height:d/i},s=i=r!==void 0&&"height"in r?r.width:r!==void 0&&"shortest"in r?Ps(r):d}else r!==void 0&&({width:s,height:i}=Fl(e,r));if(n===void 0)return a;let u=Math.floor((s-n.width)/2),c=Math.floor((i-n.height)/2);return{x:a.x+u/s*a.width,y:a.y+c/i*a.height,width:n.width/s*a.width,height:n.height/i*a.height}}function Fl({width:e,height:t},r){if("height"in r)return r;if(!("shortest"in r))throw new Error("longest_edge alone is refused when settings are read");let[n,o]=[Math.min(e,t),Math.max(e,t)],s=r.shortest,i=s;r.longest!==void 0&&o/n*s>r.longest&&(i=r.longest*n/o,s=bw(i));let a=n===s&&r.longest!==void 0?o:Math.trunc(i*o/n);return e<=t?{width:s,height:a}:{width:a,height:s}}function bw(e){let t=Math.floor(e),r=e-t;return r>.5||r===.5&&t%2===1?t+1:t}function Kl(e,t,r={}){let n=Al(e),{file:o}=n,{kind:s,defaults:i,name:a}=Ol(o,n.settings,t),u=Ml(o,n.settings,i),c={...u,pad:u.pad&&a==="LlavaImageProcessor",split:s==="tiles"&&r.whole!==!0&&u.split},d=s==="tiles"?c.tile:$w(o,c,t);s==="tiles"?Ew(o,c):kw(o,c);let l=h=>{if(s==="tiles")return Dl(h,c);let m=Ul(h,c);if(m.width===d&&m.height===d)return{tiles:[m.data],grid:Te};throw new $(`expected a picture that becomes ${d} x ${d} pixels by the settings in ${o}, found one of ${h.width} x ${h.height} that becomes ${m.width} x ${m.height}; set do_center_crop, or a size of {height, width}, there`)},f=Sw(c),p=h=>Ow(h,f);return{size:d,splits:c.split,exif:r.exif===!0,maxPixels:r.maxPixels,mean:c.mean,std:c.std??[1,1,1],grid:(h,m)=>s==="tiles"?Rs({width:h,height:m},c):Te,shown:(h,m)=>s==="tiles"?xw:Wl({width:h,height:m},c),tileCount:Yt,cut:l,normalise:p,picture(h){let{tiles:m,grid:g}=l(h);return{tiles:m.map(p),grid:g}},files:()=>n.save(c.split===u.split?{}:{do_image_splitting:c.split}),recipe:{files:new Map([...e].filter(([h])=>Os.includes(h))),config:t,options:r}}}var xw={x:0,y:0,width:1,height:1};function $w(e,t,r){let n=ql(t);if(n===null)throw new $(`${e}: expected settings that make squares, found crop_size ${JSON.stringify(t.crop)??"none"} and size ${JSON.stringify(t.size)??"none"}`);if(n!==void 0)return n;let o=r.vision_config,{image_size:s}=typeof o=="object"&&o!==null?o:{image_size:void 0};if(Number.isInteger(s)&&s>0)return s;throw new $(`${e}: expected do_center_crop, a size of {height, width}, or vision_config.image_size in config.json, found nothing that says how large a picture is in the end`)}function kw(e,{size:t}){if(!(t===void 0||!("longest"in t)||"shortest"in t))throw new $(`${e}: expected a size of {height, width} or {shortest_edge}, found longest_edge alone (${t.longest})`)}function Ew(e,{size:t}){if(!(t===void 0||!("shortest"in t)))throw new $(`${e}: expected a size of {longest_edge} or {height, width}, found shortest_edge (${t.shortest})`)}function Sw({factor:e,mean:t,std:r}){return[0,1,2].map(n=>Float32Array.from({length:256},(o,s)=>{let i=e===void 0?s:e===.00392156862745098?s/255:s*e;return r===void 0?i:(i-t[n])/r[n]}))}function Ow(e,t){let r=e.length/3,n=new Float32Array(e.length);for(let[o,s]of t.entries())for(let i=0;i<r;i++)n[o*r+i]=s[e[3*i+o]];return n}function Is(e){return`${e} writes no token that ends an answer: a tuned model may not learn to stop, and its answers run into the limit. Have the template write one after each answer, such as {{ eos_token }}`}function Vl(e,t){if(e.stops.length>0)return e;let r=Is(e.name);return{...e,stops:[t.id],notes:[...e.notes.filter(n=>n!==r),`${e.name} writes no token that ends an answer: ${t.text} is put behind the last answer of each conversation and trained, so that a tuned model stops`],encode(n,o,s){let{ids:i,mask:a,images:u}=e.encode(n,o,s),c=i.length+1;if(c>s.maxTokens)throw qt(n,c,Fe(e,o),s.maxTokens);let d=a.lastIndexOf(1)+1,l={ids:new Int32Array(c),mask:new Uint8Array(c),images:u};return l.ids.set(i.subarray(0,d)),l.ids[d]=t.id,l.ids.set(i.subarray(d),d+1),l.mask.set(a.subarray(0,d)),l.mask[d]=1,l}}}var Gl=1e6;function Ar(e,t){let r=Yt(t);if(e*r<=Gl)return e*r;throw new $(`config.json: expected sizes (image_size, patch_size, scale_factor) that make at most ${Gl} features an image, found ${e} a tile and ${r} tiles; use the file that came with the model`)}var Aw=new Set(["idefics3","smolvlm"]);function js({family:e,image:t,perTile:r,names:n},{rows:o,columns:s}){Ar(r,{rows:o,columns:s});let i=t.repeat(r);if(!Aw.has(e))return i;let a=n.get("fake_image_token")??"<fake_token_around_image>",u=`${a}${n.get("global_image_token")??"<global-img>"}${i}${a}`;if(o===0||s===0)return u;let c="";for(let d=1;d<=o;d++){for(let l=1;l<=s;l++)c+=`${a}<row_${d}_col_${l}>${i}`;c+=`
`}return`${c}
${u}`}function Tw(e){let t=n=>{let o=e.id(n);if(o!==void 0)return o;throw new $(`tokenizer.json: expected the special token ${n}, found none. Without a chat template, conversations are laid out as LLaVA 1.5's: bring back chat_template.jinja, if the model came with one`)},r=n=>{let o=e.id(n);return o===void 0?e.encode(n):[o]};return{start:t("<s>"),end:t("</s>"),image:t("<image>"),user:r("USER:"),assistant:r("ASSISTANT:")}}function Hl(e,t){let r=Tw(e),n=s=>Ar(t,s);n(Te);let o=(s,i,a,u,{maxTokens:c})=>{if(u.length!==s.images.length)throw new RangeError(`${Pe(s)}: expected ${s.images.length} grids, found ${u.length}`);let d=Ut(s),l=[r.start],f=[],p=0,h=g=>{for(let w of e.encode(g))l.push(w)};s.system!==void 0&&h(s.system);for(let g=0;g<i+(a?1:0);g++){let w=s.turns[g];l.push(...r.user);for(let[v,O]of Qr(w.question,d[g]).entries()){if(h(O),v===d[g].length)break;for(let A=n(u[p++]);A>0;A--)l.push(r.image)}if(l.push(...r.assistant),g===i)break;let _=l.length;if(h(w.answer),l.length===_)throw Yr(s,g);l.push(r.end),f.push([_,l.length])}if(l.length>c)throw qt(s,l.length,Fe({imageTokens:n},u.slice(0,p)),c);let m=new Uint8Array(l.length);for(let[g,w]of f)m.fill(1,g,w);return{ids:Int32Array.from(l),mask:m,images:s.images.slice(0,p)}};return{name:"LLaVA 1.5's layout",imageId:r.image,stops:[r.end],notes:[],imageTokens:n,encode:(s,i,a)=>o(s,s.turns.length,!1,i,a),promptOf(s,i,a,u){Zr(s,i);let{ids:c,images:d}=o(s,i,!0,a,u);return{ids:c,images:d}}}}var Bs="processor_config.json",zs="tokenizer_config.json";function Jl(e){let t=[],r=(i,a)=>{if(a==null)return;let u=Cw(i,a);u!==void 0&&t.push({place:i,text:u})};r(`${Bs}, chat_template`,Tr(e,Bs)?.chat_template),r("chat_template.json",Tr(e,"chat_template.json")?.chat_template);let n=e.get("chat_template.jinja");n!==void 0&&r("chat_template.jinja",new TextDecoder().decode(n)),r(`${zs}, chat_template`,Tr(e,zs)?.chat_template);let[o,...s]=t;if(o!==void 0)return{template:o,others:s.filter(({text:i})=>i.trimEnd()!==o.text.trimEnd())}}function Cw(e,t){if(typeof t=="string")return t;let r=Array.isArray(t)?new Map(t.map(o=>[o?.name,o?.template])):new Map(Object.entries(t)),n=r.get("default");if(typeof n=="string")return n;throw new $(`${e}: expected a template, or several with one called "default", found ${r.size===0?JSON.stringify(t):[...r.keys()].join(", ")}. Put the one to use into chat_template.jinja and take this field out`)}function Vn(e){let t=Tr(e,zs)??{},r=t.extra_special_tokens,n={...Kn(r)?r:{},...t},o=new Map;for(let[s,i]of Object.entries(n)){let a=Kn(i)?i.content:i;s.endsWith("_token")&&typeof a=="string"&&o.set(s,a)}return o}function Xl(e){let t=Tr(e,Bs)?.image_token,r=Kn(t)?t.content:t;return typeof r=="string"?r:Vn(e).get("image_token")??"<image>"}function Tr(e,t){let r=e.get(t);if(r===void 0)return;let n;try{n=JSON.parse(new TextDecoder().decode(r))}catch(o){throw new $(`${t}: expected JSON, found ${o.message}`)}if(Kn(n))return n;throw new $(`${t}: expected an object, found ${Array.isArray(n)?"a list":String(n)}`)}function Kn(e){return typeof e=="object"&&e!==null&&!Array.isArray(e)}var V=class extends Error{name="TemplateError"};function er(e,t=1048576){if(e>t)throw new V(`it makes a text or list of more than ${t} characters`)}function Yl(e,t,r,n){let o=t(e,!1),s=e.flatMap(({role:c},d)=>c==="assistant"?[d]:[]),i=e.map(c=>c.role==="assistant"?Zl(c,r):c),a=Gn(t(i,!1),r,s.length),u=a?.text===o?a.stretches:void 0;return s.map((c,d)=>{let l=t(e.slice(0,c),!0),f=(_,v)=>{throw new V(`it cannot be told where answer ${d+1} begins and ends, because ${Pw(_,v)}. Put {% generation %} and {% endgeneration %} around what is to be trained in the template`)},p=c===e.length-1;if(u===void 0){let _=p?o:t(e.slice(0,c+1),!1);return o.startsWith(_)||f(_,o),_.startsWith(l)||f(l,_),[l.length,Rw(l.length,_,n)]}let[h,m]=u[d],g=o.startsWith(l)?l.length:Nw(e,c,l,o,h,t,r)??f(l,o),w=o.slice(m);if(!p){let _=t(i.slice(0,c+1),!1),v=Gn(_,r,d+1)??f(_,o);w=Mw(w,v.text.slice(v.stretches[d][1]),n)}return g>=m&&f(l,o),[g,Lw(o,m,w,n)]})}function Zl(e,{begin:t,end:r}){let{role:n,content:o}=e,s=d=>d.replace(/\S/,l=>t+l),i=d=>d.trimEnd()+r+d.slice(d.trimEnd().length);if(typeof o=="string")return{role:n,content:i(s(o))};let a=o.map(d=>d.type==="text"&&d.text.trim()!==""),[u,c]=[a.indexOf(!0),a.lastIndexOf(!0)];return{role:n,content:o.map((d,l)=>{if(d.type!=="text")return d;let f=l===u?s(d.text):d.text;return{...d,text:l===c?i(f):f}})}}function Gn(e,{begin:t,end:r},n){let o=[],s="",i=-1;for(let a of e.split(new RegExp(`([${t}${r}])`)))if(a!==t&&a!==r)s+=a;else{if(a===t!=i<0)return;a===t?i=s.length:(o.push([i,s.length]),i=-1)}return i<0&&o.length===n?{text:s,stretches:o}:void 0}function Nw(e,t,r,n,o,s,i){let a=e.map((f,p)=>p===t-1?Zl(f,i):f),u=Gn(s(a,!1),i,1),c=Gn(s(a.slice(0,t),!0),i,1);if(u?.text!==n||c?.text!==r)return;let d=u.stretches[0][1],l=r.slice(c.stretches[0][1]);return n.slice(d,o).startsWith(l)?d+l.length:void 0}function Mw(e,t,r){let n=0;for(;n<e.length&&e[n]===t[n];)n++;for(let o of[e,t])for(let{index:s,0:i}of o.matchAll(r))s<n&&s+i.length>n&&(n=s);return e.slice(0,n)}function Lw(e,t,r,n){for(let{index:o,0:s}of r.matchAll(n))return t+o+s.length;return e.slice(0,t+r.length).replace(/\n+$/,"").length}function Rw(e,t,r){let n=t.trimEnd(),o=new RegExp(`(?:${r.source})$`,"u").test(n);return n.length>e&&o?n.length:Math.max(e,t.replace(/\n+$/,"").length)}function Pw(e,t){let r=0;for(;r<e.length&&e[r]===t[r];)r++;let n=o=>JSON.stringify(o.slice(Math.max(0,r-10),r+20));return`it writes ${n(e)} for the first messages and ${n(t)} when more follow`}var Iw=Object.defineProperty,jw=(e,t,r)=>t in e?Iw(e,t,{enumerable:!0,configurable:!0,writable:!0,value:r}):e[t]=r,Bw=(e,t,r)=>(jw(e,typeof t!="symbol"?t+"":t,r),r),x=Object.freeze({Text:"Text",NumericLiteral:"NumericLiteral",StringLiteral:"StringLiteral",Identifier:"Identifier",Equals:"Equals",OpenParen:"OpenParen",CloseParen:"CloseParen",OpenStatement:"OpenStatement",CloseStatement:"CloseStatement",OpenExpression:"OpenExpression",CloseExpression:"CloseExpression",OpenSquareBracket:"OpenSquareBracket",CloseSquareBracket:"CloseSquareBracket",OpenCurlyBracket:"OpenCurlyBracket",CloseCurlyBracket:"CloseCurlyBracket",Comma:"Comma",Dot:"Dot",Colon:"Colon",Pipe:"Pipe",CallOperator:"CallOperator",AdditiveBinaryOperator:"AdditiveBinaryOperator",MultiplicativeBinaryOperator:"MultiplicativeBinaryOperator",ExponentiationBinaryOperator:"ExponentiationBinaryOperator",ComparisonBinaryOperator:"ComparisonBinaryOperator",UnaryOperator:"UnaryOperator",Comment:"Comment"}),Ce=class{constructor(e,t){this.value=e,this.type=t}};function Ql(e){return/\w/.test(e)}function Ct(e){return/[0-9]/.test(e)}function ed(e){return/\s/.test(e)}var zw=[["{%",x.OpenStatement],["%}",x.CloseStatement],["{{",x.OpenExpression],["}}",x.CloseExpression],["(",x.OpenParen],[")",x.CloseParen],["{",x.OpenCurlyBracket],["}",x.CloseCurlyBracket],["[",x.OpenSquareBracket],["]",x.CloseSquareBracket],[",",x.Comma],[".",x.Dot],[":",x.Colon],["|",x.Pipe],["<=",x.ComparisonBinaryOperator],[">=",x.ComparisonBinaryOperator],["==",x.ComparisonBinaryOperator],["!=",x.ComparisonBinaryOperator],["<",x.ComparisonBinaryOperator],[">",x.ComparisonBinaryOperator],["+",x.AdditiveBinaryOperator],["-",x.AdditiveBinaryOperator],["~",x.AdditiveBinaryOperator],["**",x.ExponentiationBinaryOperator],["*",x.MultiplicativeBinaryOperator],["//",x.MultiplicativeBinaryOperator],["/",x.MultiplicativeBinaryOperator],["%",x.MultiplicativeBinaryOperator],["=",x.Equals]],Dw=new Map([["n",`
`],["t","	"],["r","\r"],["b","\b"],["f","\f"],["v","\v"],["'","'"],['"','"'],["\\","\\"]]);function qw(e,t={}){return e.endsWith(`
`)&&(e=e.slice(0,-1)),t.lstrip_blocks&&(e=e.replace(/^[ \t]*({[#%-])/gm,"$1")),t.trim_blocks&&(e=e.replace(/([#%-]})\n/g,"$1")),e.replace(/(\s*){%(-?)\s*(?:end)?generation\s*(-?)%}(\s*)/gs,(r,n,o,s,i)=>(o?"":n)+(s?"":i))}function pd(e,t={}){let r=[],n=qw(e,t),o=0,s=0,i=c=>{let d="";for(;c(n[o]);){if(n[o]==="\\"){if(++o,o>=n.length)throw new SyntaxError("Unexpected end of input");let l=n[o++];if(l==="x"||l==="u"){let p=l==="x"?2:4,h=n.slice(o,o+p);if(h.length!==p||/[^0-9a-f]/i.test(h))throw new SyntaxError(`Invalid hexadecimal escape sequence: \\${l}${h}`);d+=String.fromCharCode(parseInt(h,16)),o+=p;continue}let f=Dw.get(l);if(f===void 0)throw new SyntaxError(`Unexpected escaped character: ${l}`);d+=f;continue}if(d+=n[o++],o>=n.length)throw new SyntaxError("Unexpected end of input")}return d},a=()=>{let c=r.at(-1);c&&c.type===x.Text&&(c.value=c.value.trimEnd(),c.value===""&&r.pop())},u=()=>{for(;o<n.length&&ed(n[o]);)++o};e:for(;o<n.length;){let c=r.at(-1)?.type;if(c===void 0||c===x.CloseStatement||c===x.CloseExpression||c===x.Comment){let l="";for(;o<n.length&&!(n[o]==="{"&&(n[o+1]==="%"||n[o+1]==="{"||n[o+1]==="#"));)l+=n[o++];if(l.length>0){r.push(new Ce(l,x.Text));continue}}if(n[o]==="{"&&n[o+1]==="#"){o+=2;let l=n[o]==="-";l&&++o;let f="";for(;n[o]!=="#"||n[o+1]!=="}";){if(o+2>=n.length)throw new SyntaxError("Missing end of comment tag");f+=n[o++]}let p=f.endsWith("-");p&&(f=f.slice(0,-1)),l&&a(),r.push(new Ce(f,x.Comment)),o+=2,p&&u();continue}if(n.slice(o,o+3)==="{%-"){a(),r.push(new Ce("{%",x.OpenStatement)),o+=3;continue}if(n.slice(o,o+3)==="{{-"){a(),r.push(new Ce("{{",x.OpenExpression)),s=0,o+=3;continue}if(i(ed),n.slice(o,o+3)==="-%}"){r.push(new Ce("%}",x.CloseStatement)),o+=3,u();continue}if(n.slice(o,o+3)==="-}}"){r.push(new Ce("}}",x.CloseExpression)),o+=3,u();continue}let d=n[o];if(d==="-"||d==="+"){let l=r.at(-1)?.type;if(l===x.Text||l===void 0)throw new SyntaxError(`Unexpected character: ${d}`);switch(l){case x.Identifier:case x.NumericLiteral:case x.StringLiteral:case x.CloseParen:case x.CloseSquareBracket:break;default:{++o;let f=i(Ct);if(f.length>0&&n[o]==="."&&Ct(n[o+1])){++o;let p=i(Ct);f=`${f}.${p}`}r.push(new Ce(`${d}${f}`,f.length>0?x.NumericLiteral:x.UnaryOperator));continue}}}for(let[l,f]of zw){if(l==="}}"&&s>0)continue;if(n.slice(o,o+l.length)===l){r.push(new Ce(l,f)),f===x.OpenExpression?s=0:f===x.OpenCurlyBracket?++s:f===x.CloseCurlyBracket&&--s,o+=l.length;continue e}}if(d==="'"||d==='"'){++o;let l=i(f=>f!==d);r.push(new Ce(l,x.StringLiteral)),++o;continue}if(Ct(d)){let l=i(Ct);if(r.at(-1)?.type!==x.Dot&&n[o]==="."&&Ct(n[o+1])){++o;let f=i(Ct);l=`${l}.${f}`}r.push(new Ce(l,x.NumericLiteral));continue}if(Ql(d)){let l=i(Ql);r.push(new Ce(l,x.Identifier));continue}throw new SyntaxError(`Unexpected character: ${d}`)}return r}var Ne=class{type="Statement"},Uw=class extends Ne{constructor(e){super(),this.body=e}type="Program"},Ww=class extends Ne{constructor(e,t,r){super(),this.test=e,this.body=t,this.alternate=r}type="If"},Fw=class extends Ne{constructor(e,t,r,n){super(),this.loopvar=e,this.iterable=t,this.body=r,this.defaultBlock=n}type="For"},Kw=class extends Ne{type="Break"},Vw=class extends Ne{type="Continue"},Gw=class extends Ne{constructor(e,t,r){super(),this.assignee=e,this.value=t,this.body=r}type="Set"},Hw=class extends Ne{constructor(e,t,r){super(),this.name=e,this.args=t,this.body=r}type="Macro"},Jw=class extends Ne{constructor(e){super(),this.value=e}type="Comment"},xe=class extends Ne{type="Expression"},Xw=class extends xe{constructor(e,t,r){super(),this.object=e,this.property=t,this.computed=r}type="MemberExpression"},td=class extends xe{constructor(e,t){super(),this.callee=e,this.args=t}type="CallExpression"},dt=class extends xe{constructor(e){super(),this.value=e}type="Identifier"},rr=class extends xe{constructor(e){super(),this.value=e}type="Literal"},Yw=class extends rr{type="IntegerLiteral"},Zw=class extends rr{type="FloatLiteral"},rd=class extends rr{type="StringLiteral"},Qw=class extends rr{type="ArrayLiteral"},nd=class extends rr{type="TupleLiteral"},e_=class extends rr{type="ObjectLiteral"},tr=class extends xe{constructor(e,t,r){super(),this.operator=e,this.left=t,this.right=r}type="BinaryExpression"},t_=class extends xe{constructor(e,t){super(),this.operand=e,this.filter=t}type="FilterExpression"},r_=class extends Ne{constructor(e,t){super(),this.filter=e,this.body=t}type="FilterStatement"},n_=class extends xe{constructor(e,t){super(),this.lhs=e,this.test=t}type="SelectExpression"},o_=class extends xe{constructor(e,t,r){super(),this.operand=e,this.negate=t,this.test=r}type="TestExpression"},od=class extends xe{constructor(e,t){super(),this.operator=e,this.argument=t}type="UnaryExpression"},s_=class extends xe{constructor(e=void 0,t=void 0,r=void 0){super(),this.start=e,this.stop=t,this.step=r}type="SliceExpression"},Ds=class extends xe{constructor(e,t){super(),this.key=e,this.value=t}type="KeywordArgumentExpression"},i_=class extends xe{constructor(e){super(),this.argument=e}type="SpreadExpression"},a_=class extends xe{constructor(e){super(),this.argument=e}type="KeywordSpreadExpression"},c_=class extends Ne{constructor(e,t,r){super(),this.call=e,this.callerArgs=t,this.body=r}type="CallStatement"},u_=class extends xe{constructor(e,t,r){super(),this.condition=e,this.trueExpr=t,this.falseExpr=r}type="Ternary"};function hd(e){let t=new Uw([]),r=0;function n(y,b){let E=e[r++];if(!E||E.type!==y)throw new Error(`Parser Error: ${b}. ${E.type} !== ${y}.`);return E}function o(y){if(!u(y))throw new SyntaxError(`Expected ${y}`);++r}function s(){switch(e[r].type){case x.Comment:return new Jw(e[r++].value);case x.Text:return c();case x.OpenStatement:return d();case x.OpenExpression:return l();default:throw new SyntaxError(`Unexpected token type: ${e[r].type}`)}}function i(...y){return r+y.length<=e.length&&y.every((b,E)=>b===e[r+E].type)}function a(...y){return e[r]?.type===x.OpenStatement&&e[r+1]?.type===x.Identifier&&y.includes(e[r+1]?.value)}function u(...y){return r+y.length<=e.length&&y.every((b,E)=>e[r+E].type==="Identifier"&&b===e[r+E].value)}function c(){return new rd(n(x.Text,"Expected text token").value)}function d(){if(n(x.OpenStatement,"Expected opening statement token"),e[r].type!==x.Identifier)throw new SyntaxError(`Unknown statement, got ${e[r].type}`);let y=e[r].value,b;switch(y){case"set":++r,b=f();break;case"if":++r,b=p(),n(x.OpenStatement,"Expected {% token"),o("endif"),n(x.CloseStatement,"Expected %} token");break;case"macro":++r,b=h(),n(x.OpenStatement,"Expected {% token"),o("endmacro"),n(x.CloseStatement,"Expected %} token");break;case"for":++r,b=g(),n(x.OpenStatement,"Expected {% token"),o("endfor"),n(x.CloseStatement,"Expected %} token");break;case"call":{++r;let E=null;i(x.OpenParen)&&(E=T("parameters"));let z=S();if(z.type!=="Identifier")throw new SyntaxError("Expected identifier following call statement");let H=T("call");n(x.CloseStatement,"Expected closing statement token");let ee=[];for(;!a("endcall");)ee.push(s());n(x.OpenStatement,"Expected '{%'"),o("endcall"),n(x.CloseStatement,"Expected closing statement token");let Ee=new td(z,H);b=new c_(Ee,E,ee);break}case"break":++r,n(x.CloseStatement,"Expected closing statement token"),b=new Kw;break;case"continue":++r,n(x.CloseStatement,"Expected closing statement token"),b=new Vw;break;case"filter":{++r;let E=S();E instanceof dt&&i(x.OpenParen)&&(E=K(E)),n(x.CloseStatement,"Expected closing statement token");let z=[];for(;!a("endfilter");)z.push(s());n(x.OpenStatement,"Expected '{%'"),o("endfilter"),n(x.CloseStatement,"Expected '%}'"),b=new r_(E,z);break}default:throw new SyntaxError(`Unknown statement type: ${y}`)}return b}function l(){n(x.OpenExpression,"Expected opening expression token");let y=w();return n(x.CloseExpression,"Expected closing expression token"),y}function f(){let y=m(),b=null,E=[];if(i(x.Equals))++r,b=m();else{for(n(x.CloseStatement,"Expected %} token");!a("endset");)E.push(s());n(x.OpenStatement,"Expected {% token"),o("endset")}return n(x.CloseStatement,"Expected closing statement token"),new Gw(y,b,E)}function p(){let y=w();n(x.CloseStatement,"Expected closing statement token");let b=[],E=[];for(;!a("elif","else","endif");)b.push(s());if(a("elif")){++r,++r;let z=p();E.push(z)}else if(a("else"))for(++r,++r,n(x.CloseStatement,"Expected closing statement token");!a("endif");)E.push(s());return new Ww(y,b,E)}function h(){let y=S();if(y.type!=="Identifier")throw new SyntaxError("Expected identifier following macro statement");let b=T("parameters");n(x.CloseStatement,"Expected closing statement token");let E=[];for(;!a("endmacro");)E.push(s());return new Hw(y,b,E)}function m(y=!1){let b=y?S:w,E=[b()],z=i(x.Comma);for(;z&&(++r,E.push(b()),!!i(x.Comma)););return z?new nd(E):E[0]}function g(){let y=m(!0);if(!(y instanceof dt||y instanceof nd))throw new SyntaxError(`Expected identifier/tuple for the loop variable, got ${y.type} instead`);if(!u("in"))throw new SyntaxError("Expected `in` keyword following loop variable");++r;let b=w();n(x.CloseStatement,"Expected closing statement token");let E=[];for(;!a("endfor","else");)E.push(s());let z=[];if(a("else"))for(++r,++r,n(x.CloseStatement,"Expected closing statement token");!a("endfor");)z.push(s());return new Fw(y,b,E,z)}function w(){return _()}function _(){let y=v();if(u("if")){++r;let b=v();if(u("else")){++r;let E=_();return new u_(b,y,E)}else return new n_(y,b)}return y}function v(){let y=O();for(;u("or");){let b=e[r];++r;let E=O();y=new tr(b,y,E)}return y}function O(){let y=A();for(;u("and");){let b=e[r];++r;let E=A();y=new tr(b,y,E)}return y}function A(){let y;for(;u("not");){let b=e[r];++r;let E=A();y=new od(b,E)}return y??N()}function N(){let y=R();for(;;){let b;if(u("not","in"))b=new Ce("not in",x.Identifier),r+=2;else if(u("in"))b=e[r++];else if(i(x.ComparisonBinaryOperator))b=e[r++];else break;let E=R();y=new tr(b,y,E)}return y}function R(){let y=ae();for(;i(x.AdditiveBinaryOperator);){let b=e[r];++r;let E=ae();y=new tr(b,y,E)}return y}function B(){let y=se(S());return i(x.OpenParen)?K(y):y}function K(y){let b=new td(y,T("call"));return b=se(b),i(x.OpenParen)&&(b=K(b)),b}function T(y){n(x.OpenParen,"Expected opening parenthesis for arguments list");let b=P(y);return n(x.CloseParen,"Expected closing parenthesis for arguments list"),b}function P(y){let b=[],E=new Set,z=!1,H=!1;for(;!i(x.CloseParen);){let ee=i(x.ExponentiationBinaryOperator),Ee=i(x.MultiplicativeBinaryOperator)&&e[r].value==="*";if(y==="parameters"&&(ee||Ee))throw new SyntaxError("Argument unpacking is not allowed in parameter declarations");if(ee){if(++r,b.push(new a_(w())),i(x.Comma)&&++r,!i(x.CloseParen))throw new SyntaxError("Expected closing parenthesis: `**` must be applied to the final argument");break}let ce;if(Ee){if(H)throw new SyntaxError("Only one `*` argument unpacking is allowed");H=!0,++r;let Me=w();ce=new i_(Me)}else{if(ce=w(),i(x.Equals)){if(++r,!(ce instanceof dt))throw new SyntaxError(y==="parameters"?"Expected identifier for parameter declaration":"Expected identifier for keyword argument");let Me=w();ce=new Ds(ce,Me)}if(y==="parameters"){if(!(ce instanceof dt||ce instanceof Ds))throw new SyntaxError("Expected identifier for parameter declaration");let Me=ce instanceof dt?ce.value:ce.key.value;if(E.has(Me))throw new SyntaxError(`Duplicate parameter name: ${Me}`);E.add(Me)}if(ce instanceof Ds)z=!0;else{if(z)throw new SyntaxError(y==="call"?"Positional arguments must come before keyword arguments":"Non-default argument follows default argument");if(H)throw new SyntaxError("Positional arguments must not follow `*` argument unpacking")}}b.push(ce),i(x.Comma)&&++r}return b}function W(){let y=[],b=!1;for(;!i(x.CloseSquareBracket);)i(x.Colon)?(y.push(void 0),++r,b=!0):(y.push(w()),i(x.Colon)&&(++r,b=!0));if(y.length===0)throw new SyntaxError("Expected at least one argument for member/slice expression");if(b){if(y.length>3)throw new SyntaxError("Expected 0-3 arguments for slice expression");return new s_(...y)}return y[0]}function se(y){for(;i(x.Dot)||i(x.OpenSquareBracket);){let b=e[r];++r;let E,z=b.type===x.OpenSquareBracket;if(z)E=W(),n(x.CloseSquareBracket,"Expected closing square bracket");else if(E=S(),E.type!=="Identifier"&&E.type!=="IntegerLiteral")throw new SyntaxError("Expected identifier or integer following dot operator");y=new Xw(y,E,z)}return y}function ae(){let y=ue();for(;i(x.MultiplicativeBinaryOperator);){let b=e[r++],E=ue();y=new tr(b,y,E)}return y}function ue(){let y=X();for(;i(x.ExponentiationBinaryOperator);){let b=e[r++],E=X();y=new tr(b,y,E)}return y}function X(){let y=M();for(;u("is");){++r;let b=u("not");b&&++r;let E=S();if(!(E instanceof dt))throw new SyntaxError("Expected identifier for the test");y=new o_(y,b,E)}return y}function M(){let y=k();for(;i(x.Pipe);){++r;let b=S();if(!(b instanceof dt))throw new SyntaxError("Expected identifier for the filter");i(x.OpenParen)&&(b=K(b)),y=new t_(y,b)}return y}function k(){let y=e[r];if(y&&(y.type===x.UnaryOperator||y.type===x.AdditiveBinaryOperator)&&(y.value==="-"||y.value==="+")){let b=e[r++],E=k();return new od(b,E)}return B()}function S(){let y=e[r++];switch(y.type){case x.NumericLiteral:{let b=y.value;return b.includes(".")?new Zw(Number(b)):new Yw(Number(b))}case x.StringLiteral:{let b=y.value;for(;i(x.StringLiteral);)b+=e[r++].value;return new rd(b)}case x.Identifier:return new dt(y.value);case x.OpenParen:{let b=m();return n(x.CloseParen,"Expected closing parenthesis, got ${tokens[current].type} instead."),b}case x.OpenSquareBracket:{let b=[];for(;!i(x.CloseSquareBracket);)b.push(w()),i(x.Comma)&&++r;return++r,new Qw(b)}case x.OpenCurlyBracket:{let b=new Map;for(;!i(x.CloseCurlyBracket);){let E=w();n(x.Colon,"Expected colon between key and value in object literal");let z=w();b.set(E,z),i(x.Comma)&&++r}return++r,new e_(b)}default:throw new SyntaxError(`Unexpected token: ${y.type}`)}}for(;r<e.length;)t.body.push(s());return t}function sd(e,t,r,n=1){let o=Math.sign(n);o>=0?(t=(t??=0)<0?Math.max(e.length+t,0):Math.min(t,e.length),r=(r??=e.length)<0?Math.max(e.length+r,0):Math.min(r,e.length)):(t=(t??=e.length-1)<0?Math.max(e.length+t,-1):Math.min(t,e.length-1),r=(r??=-1)<-1?Math.max(e.length+r,-1):Math.min(r,e.length-1));let s=[];for(let i=t;o*i<o*r;i+=n)s.push(e[i]);return s}function l_(e){return e.replace(/\b\w/g,t=>t.toUpperCase())}function d_(e){return e.replace(/[.*+?^${}()|[\]\\]/g,"\\$&")}function f_(e,t,r,n){if(n===0)return e;let o=n==null||n<0?1/0:n,s=t.length===0?new RegExp("(?=)","gu"):new RegExp(d_(t),"gu");return e.replaceAll(s,i=>o>0?(--o,r):i)}var id=class extends Error{},ad=class extends Error{},p_=new Map,ze=class{type="RuntimeValue";value;get builtins(){return p_}constructor(e=void 0){this.value=e}__bool__(){return new I(!!this.value)}toString(){return String(this.value)}},D=class extends ze{type="IntegerValue"},G=class extends ze{type="FloatValue";toString(){return Object.is(this.value,-0)?"-0.0":this.value%1===0?this.value.toFixed(1):this.value.toString()}},C=class extends ze{type="StringValue";_builtins;get builtins(){return this._builtins??=new Map([["upper",new Z(()=>new C(this.value.toUpperCase()))],["lower",new Z(()=>new C(this.value.toLowerCase()))],["strip",new Z(()=>new C(this.value.trim()))],["title",new Z(()=>new C(l_(this.value)))],["capitalize",new Z(()=>new C(this.value.charAt(0).toUpperCase()+this.value.slice(1)))],["length",new D(this.value.length)],["rstrip",new Z(()=>new C(this.value.trimEnd()))],["lstrip",new Z(()=>new C(this.value.trimStart()))],["startswith",new Z(e=>{if(e.length===0)throw new Error("startswith() requires at least one argument");let t=e[0];if(t instanceof C)return new I(this.value.startsWith(t.value));if(t instanceof F){for(let r of t.value){if(!(r instanceof C))throw new Error("startswith() tuple elements must be strings");if(this.value.startsWith(r.value))return new I(!0)}return new I(!1)}throw new Error("startswith() argument must be a string or tuple of strings")})],["endswith",new Z(e=>{if(e.length===0)throw new Error("endswith() requires at least one argument");let t=e[0];if(t instanceof C)return new I(this.value.endsWith(t.value));if(t instanceof F){for(let r of t.value){if(!(r instanceof C))throw new Error("endswith() tuple elements must be strings");if(this.value.endsWith(r.value))return new I(!0)}return new I(!1)}throw new Error("endswith() argument must be a string or tuple of strings")})],["split",new Z(e=>{let t=e[0]??new Q;if(!(t instanceof C||t instanceof Q))throw new Error("sep argument must be a string or null");let r=e[1]??new D(-1);if(!(r instanceof D))throw new Error("maxsplit argument must be a number");let n=[];if(t instanceof Q){let o=this.value.trimStart();for(let{0:s,index:i}of o.matchAll(/\S+/g)){if(r.value!==-1&&n.length>=r.value&&i!==void 0){n.push(s+o.slice(i+s.length));break}n.push(s)}}else{if(t.value==="")throw new Error("empty separator");n=this.value.split(t.value),r.value!==-1&&n.length>r.value&&n.push(n.splice(r.value).join(t.value))}return new F(n.map(o=>new C(o)))})],["replace",new Z(e=>{if(e.length<2)throw new Error("replace() requires at least two arguments");let t=e[0],r=e[1];if(!(t instanceof C&&r instanceof C))throw new Error("replace() arguments must be strings");let n;if(e.length>2?e[2].type==="KeywordArgumentsValue"?n=e[2].value.get("count")??new Q:n=e[2]:n=new Q,!(n instanceof D||n instanceof Q))throw new Error("replace() count argument must be a number or null");return new C(f_(this.value,t.value,r.value,n.value))})]])}},I=class extends ze{type="BooleanValue"},h_=/[\x7f-\uffff]/g;function cd(e){return e.replace(h_,t=>"\\u"+t.charCodeAt(0).toString(16).padStart(4,"0"))}function ft(e,t={},r=0,n=!0){let{indent:o=null,ensureAscii:s=!1,separators:i=null,sortKeys:a=!1}=t,u,c;switch(i?[u,c]=i:o?(u=",",c=": "):(u=", ",c=": "),e.type){case"NullValue":return"null";case"UndefinedValue":return n?"null":"undefined";case"IntegerValue":case"FloatValue":case"BooleanValue":return JSON.stringify(e.value);case"StringValue":{let d=JSON.stringify(e.value);return s&&(d=cd(d)),d}case"ArrayValue":case"NamespaceValue":case"ObjectValue":{let d=o?" ".repeat(o):"",l=`
`+d.repeat(r),f=l+d;if(e.type==="ArrayValue"){let p=e.value.map(h=>ft(h,t,r+1,n));return o&&p.length>0?`[${f}${p.join(`${u}${f}`)}${l}]`:`[${p.join(u)}]`}else{let p=Array.from(e.value.entries());a&&(p=p.sort(([m],[g])=>m.localeCompare(g)));let h=p.map(([m,g])=>{let w=JSON.stringify(m);s&&(w=cd(w));let _=`${w}${c}${ft(g,t,r+1,n)}`;return o?`${f}${_}`:_});return o&&h.length>0?`{${h.join(u)}${l}}`:`{${h.join(u)}}`}}default:throw new Error(`Cannot convert to JSON: ${e.type}`)}}var de=class extends ze{type="ObjectValue";_builtins;__bool__(){return new I(this.value.size>0)}get builtins(){return this._builtins??=new Map([["get",new Z(([e,t])=>{if(!(e instanceof C))throw new Error(`Object key must be a string: got ${e.type}`);return this.value.get(e.value)??t??new Q})],["items",new Z(()=>this.items())],["keys",new Z(()=>this.keys())],["values",new Z(()=>this.values())],["dictsort",new Z(e=>{let t=new Map,r=e.filter(a=>a instanceof Nt?(t=a.value,!1):!0),n=r.at(0)??t.get("case_sensitive")??new I(!1);if(!(n instanceof I))throw new Error("case_sensitive must be a boolean");let o=r.at(1)??t.get("by")??new C("key");if(!(o instanceof C))throw new Error("by must be a string");if(!["key","value"].includes(o.value))throw new Error("by must be either 'key' or 'value'");let s=r.at(2)??t.get("reverse")??new I(!1);if(!(s instanceof I))throw new Error("reverse must be a boolean");let i=Array.from(this.value.entries()).map(([a,u])=>new F([new C(a),u])).sort((a,u)=>{let c=o.value==="key"?0:1,d=a.value[c],l=u.value[c],f=qs(d,l,n.value);return s.value?-f:f});return new F(i)})]])}items(){return new F(Array.from(this.value.entries()).map(([e,t])=>new F([new C(e),t])))}keys(){return new F(Array.from(this.value.keys()).map(e=>new C(e)))}values(){return new F(Array.from(this.value.values()))}toString(){return ft(this,{},0,!1)}},Nt=class extends de{type="KeywordArgumentsValue"},Ws=class extends ze{type="NamespaceValue";toString(){return ft(this,{},0,!1)}},F=class extends ze{type="ArrayValue";_builtins;get builtins(){return this._builtins??=new Map([["length",new D(this.value.length)]])}__bool__(){return new I(this.value.length>0)}toString(){return ft(this,{},0,!1)}},ud=class extends F{type="TupleValue"},Z=class extends ze{type="FunctionValue"},Q=class extends ze{type="NullValue"},Y=class extends ze{type="UndefinedValue"};function m_(e){let t;if(e instanceof F?t=e.value:e instanceof C&&(t=Array.from(e.value,o=>new C(o))),!t||t.length!==2)throw new Error("namespace expected an object or an iterable of [key, value] pairs");let[r,n]=t;if(!(r instanceof C))throw new Error("namespace keys must be strings");return[r,n]}var md=class{constructor(e){this.parent=e}variables=new Map([["namespace",new Z(e=>{let t=e.slice(),r;if(t.at(-1)instanceof Nt&&(r=t.pop()),t.length>1)throw new Error(`namespace expected at most 1 argument, got ${t.length}`);let n=new Map;if(t.length===1){let o=t[0];if(o instanceof de)for(let[s,i]of o.value)n.set(s,i);else if(o instanceof F)for(let s of o.value){let[i,a]=m_(s);n.set(i.value,a)}else throw new Error(`'${o.type}' object is not iterable`)}if(r)for(let[o,s]of r.value)n.set(o,s);return new Ws(n)})]]);tests=md.TESTS;set(e,t){return this.declareVariable(e,Jn(t))}declareVariable(e,t){if(this.variables.has(e))throw new SyntaxError(`Variable already declared: ${e}`);return this.variables.set(e,t),t}setVariable(e,t){return this.variables.set(e,t),t}resolve(e){if(this.variables.has(e))return this;if(this.parent)return this.parent.resolve(e);throw new Error(`Unknown variable: ${e}`)}lookupVariable(e){try{return this.resolve(e).variables.get(e)??new Y}catch{return new Y}}},ke=md;Bw(ke,"TESTS",new Map([["boolean",e=>e.type==="BooleanValue"],["callable",e=>e instanceof Z],["odd",e=>{if(!(e instanceof D))throw new Error(`cannot odd on ${e.type}`);return e.value%2!==0}],["even",e=>{if(!(e instanceof D))throw new Error(`cannot even on ${e.type}`);return e.value%2===0}],["false",e=>e.type==="BooleanValue"&&!e.value],["true",e=>e.type==="BooleanValue"&&e.value],["none",e=>e.type==="NullValue"],["string",e=>e.type==="StringValue"],["number",e=>e instanceof D||e instanceof G],["integer",e=>e instanceof D],["iterable",e=>e.type==="ArrayValue"||e.type==="StringValue"],["mapping",e=>e instanceof de],["sequence",e=>e instanceof F||e instanceof de||e instanceof C],["lower",e=>{let t=e.value;return e.type==="StringValue"&&t===t.toLowerCase()}],["upper",e=>{let t=e.value;return e.type==="StringValue"&&t===t.toUpperCase()}],["none",e=>e.type==="NullValue"],["defined",e=>e.type!=="UndefinedValue"],["undefined",e=>e.type==="UndefinedValue"],["equalto",(e,t)=>e.value===t.value],["eq",(e,t)=>e.value===t.value]]));function Hn(e){return e instanceof de||e instanceof Ws}function Xn(e){return e instanceof D||e instanceof G||e instanceof I}function Yn(e){return e instanceof I?Number(e.value):e.value}function ld(e,t){let r=t.split("."),n=e;for(let o of r)if(Hn(n))n=n.value.get(o)??new Y;else if(n instanceof F){let s=parseInt(o,10);if(!isNaN(s)&&s>=0&&s<n.value.length)n=n.value[s];else return new Y}else return new Y;return n}function qs(e,t,r=!1){if(e instanceof Q&&t instanceof Q)return 0;if(e instanceof Q||t instanceof Q)throw new Error(`Cannot compare ${e.type} with ${t.type}`);if(e instanceof Y&&t instanceof Y)return 0;if(e instanceof Y||t instanceof Y)throw new Error(`Cannot compare ${e.type} with ${t.type}`);if(Xn(e)&&Xn(t)){let n=Yn(e),o=Yn(t);return n<o?-1:n>o?1:0}if(e.type!==t.type)throw new Error(`Cannot compare different types: ${e.type} and ${t.type}`);switch(e.type){case"StringValue":{let n=e.value,o=t.value;return r||(n=n.toLowerCase(),o=o.toLowerCase()),n<o?-1:n>o?1:0}default:throw new Error(`Cannot compare type: ${e.type}`)}}function Us(e){if(e.type==="Identifier")return{name:e.value};let t=e;return{name:t.key.value,defaultValue:t.value}}function dd(e){return e==="kwargs"||e==="varargs"}function fd(e,t){let r=new Set,n=new Set,o=d=>{dd(d)&&r.add(d)},s=d=>{if(d.type==="Identifier")o(d.value);else if(d.type==="TupleLiteral")for(let l of d.value)s(l)},i=d=>{o(Us(d).name)},a=d=>{for(let l of d){let f=Us(l);f.defaultValue&&c(f.defaultValue)}},u=d=>{d.type==="CallExpression"&&c(d.args)},c=d=>{if(Array.isArray(d)){for(let l of d)c(l);return}if(d instanceof Map){for(let[l,f]of d)c(l),c(f);return}if(d instanceof Ne)switch(d.type){case"For":{let l=d;if(s(l.loopvar),l.iterable.type==="SelectExpression"){let f=l.iterable;c(f.lhs),c(l.body),c(l.defaultBlock),c(f.test);return}c(l.iterable),c(l.body),c(l.defaultBlock);return}case"Set":{let l=d;s(l.assignee),c(l.value),c(l.body);return}case"Macro":{let l=d;for(let f of l.args)i(f);a(l.args),c(l.body);return}case"CallStatement":{let l=d;c(l.call);for(let f of l.callerArgs??[])i(f);a(l.callerArgs??[]),c(l.body);return}case"FilterStatement":{let l=d;c(l.body),u(l.filter);return}case"Identifier":{let l=d.value;dd(l)&&!r.has(l)&&n.add(l);return}case"MemberExpression":{let l=d;c(l.object),l.computed&&c(l.property);return}case"FilterExpression":{let l=d;c(l.operand),u(l.filter);return}case"TestExpression":c(d.operand);return;case"SelectExpression":{let l=d;c(l.test),c(l.lhs);return}case"KeywordArgumentExpression":c(d.value);return;default:for(let l of Object.values(d))c(l)}};for(let d of e)i(d);return c(t),n}var gd=class{global;constructor(e){this.global=e??new ke}run(e){return this.evaluate(e,this.global)}evaluateBinaryExpression(e,t){let r=this.evaluate(e.left,t);switch(e.operator.value){case"and":return r.__bool__().value?this.evaluate(e.right,t):r;case"or":return r.__bool__().value?r:this.evaluate(e.right,t)}let n=this.evaluate(e.right,t);switch(e.operator.value){case"==":return new I(r.value==n.value);case"!=":return new I(r.value!=n.value)}if(r instanceof Y||n instanceof Y){if(n instanceof Y&&["in","not in"].includes(e.operator.value))return new I(e.operator.value==="not in");throw new Error(`Cannot perform operation ${e.operator.value} on undefined values`)}else{if(r instanceof Q||n instanceof Q)throw new Error("Cannot perform operation on null values");if(e.operator.value==="~")return new C(r.value.toString()+n.value.toString());if(e.operator.value==="**"&&Xn(r)&&Xn(n)){let o=Yn(r),s=Yn(n);if(o===0&&s<0)throw new Error("0.0 cannot be raised to a negative power");let i=o**s;if(!Number.isFinite(i))throw new Error("Exponentiation result is not a finite real number");return r instanceof G||n instanceof G||s<0?new G(i):new D(i)}else if((r instanceof D||r instanceof G)&&(n instanceof D||n instanceof G)){let o=r.value,s=n.value;switch(e.operator.value){case"+":case"-":case"*":{let i=e.operator.value==="+"?o+s:e.operator.value==="-"?o-s:o*s;return r instanceof G||n instanceof G?new G(i):new D(i)}case"/":return new G(o/s);case"//":{let i=Math.floor(o/s);return r instanceof G||n instanceof G?new G(i):new D(i)}case"%":{let i=o%s;return r instanceof G||n instanceof G?new G(i):new D(i)}case"<":return new I(o<s);case">":return new I(o>s);case">=":return new I(o>=s);case"<=":return new I(o<=s)}}else if(r instanceof F&&n instanceof F)switch(e.operator.value){case"+":return new F(r.value.concat(n.value))}else if(n instanceof F){let o=n.value.find(s=>s.value===r.value)!==void 0;switch(e.operator.value){case"in":return new I(o);case"not in":return new I(!o)}}}if(r instanceof C||n instanceof C)switch(e.operator.value){case"+":return new C(r.value.toString()+n.value.toString())}if(r instanceof C&&n instanceof C)switch(e.operator.value){case"in":return new I(n.value.includes(r.value));case"not in":return new I(!n.value.includes(r.value))}if(r instanceof C&&n instanceof de)switch(e.operator.value){case"in":return new I(n.value.has(r.value));case"not in":return new I(!n.value.has(r.value))}throw new SyntaxError(`Unknown operator "${e.operator.value}" between ${r.type} and ${n.type}`)}evaluateArguments(e,t){let r=[],n=new Map,o=(s,i)=>{if(n.has(s))throw new Error(`Got multiple values for keyword argument '${s}'`);n.set(s,i)};for(let s of e)if(s.type==="SpreadExpression"){let i=s,a=this.evaluate(i.argument,t);if(!(a instanceof F))throw new Error(`Cannot unpack non-iterable type: ${a.type}`);for(let u of a.value)r.push(u)}else s.type!=="KeywordArgumentExpression"&&s.type!=="KeywordSpreadExpression"&&r.push(this.evaluate(s,t));for(let s of e)if(s.type==="KeywordArgumentExpression"){let i=s;o(i.key.value,this.evaluate(i.value,t))}else if(s.type==="KeywordSpreadExpression"){let i=s,a=this.evaluate(i.argument,t);if(!(a instanceof de))throw new Error(`Argument after ** must be a mapping, not ${a.type}`);for(let[u,c]of a.value)o(u,c)}return[r,n]}applyFilter(e,t,r){if(t.type==="Identifier"){let n=t;if(n.value==="safe")return e;if(n.value==="tojson")return new C(ft(e,{}));if(e instanceof F)switch(n.value){case"list":return e;case"first":return e.value[0];case"last":return e.value[e.value.length-1];case"length":return new D(e.value.length);case"reverse":return new F(e.value.slice().reverse());case"sort":return new F(e.value.slice().sort((o,s)=>qs(o,s,!1)));case"join":return new C(e.value.map(o=>o.value).join(""));case"string":return new C(ft(e,{},0,!1));case"unique":{let o=new Set,s=[];for(let i of e.value)o.has(i.value)||(o.add(i.value),s.push(i));return new F(s)}default:throw new Error(`Unknown ArrayValue filter: ${n.value}`)}else if(e instanceof C)switch(n.value){case"length":case"upper":case"lower":case"title":case"capitalize":{let o=e.builtins.get(n.value);if(o instanceof Z)return o.value([],r);if(o instanceof D)return o;throw new Error(`Unknown StringValue filter: ${n.value}`)}case"trim":return new C(e.value.trim());case"indent":return new C(e.value.split(`
`).map((o,s)=>s===0||o.length===0?o:"    "+o).join(`
`));case"join":case"string":return e;case"int":{let o=parseInt(e.value,10);return new D(isNaN(o)?0:o)}case"float":{let o=parseFloat(e.value);return new G(isNaN(o)?0:o)}default:throw new Error(`Unknown StringValue filter: ${n.value}`)}else if(e instanceof D||e instanceof G)switch(n.value){case"abs":return e instanceof D?new D(Math.abs(e.value)):new G(Math.abs(e.value));case"int":return new D(Math.floor(e.value));case"float":return new G(e.value);case"string":return new C(e.toString());default:throw new Error(`Unknown NumericValue filter: ${n.value}`)}else if(e instanceof de)switch(n.value){case"items":return new F(Array.from(e.value.entries()).map(([o,s])=>new F([new C(o),s])));case"length":return new D(e.value.size);default:{let o=e.builtins.get(n.value);if(o)return o instanceof Z?o.value([],r):o;throw new Error(`Unknown ObjectValue filter: ${n.value}`)}}else if(e instanceof I)switch(n.value){case"bool":return new I(e.value);case"int":return new D(e.value?1:0);case"float":return new G(e.value?1:0);case"string":return new C(e.value?"true":"false");default:throw new Error(`Unknown BooleanValue filter: ${n.value}`)}throw new Error(`Cannot apply filter "${n.value}" to type: ${e.type}`)}else if(t.type==="CallExpression"){let n=t;if(n.callee.type!=="Identifier")throw new Error(`Unknown filter: ${n.callee.type}`);let o=n.callee.value;if(o==="tojson"){let[,s]=this.evaluateArguments(n.args,r),i=s.get("indent")??new Q;if(!(i instanceof D||i instanceof Q))throw new Error("If set, indent must be a number");let a=s.get("ensure_ascii")??new I(!1);if(!(a instanceof I))throw new Error("If set, ensure_ascii must be a boolean");let u=s.get("sort_keys")??new I(!1);if(!(u instanceof I))throw new Error("If set, sort_keys must be a boolean");let c=s.get("separators")??new Q,d=null;if(c instanceof F||c instanceof ud){if(c.value.length!==2)throw new Error("separators must be a tuple of two strings");let[l,f]=c.value;if(!(l instanceof C)||!(f instanceof C))throw new Error("separators must be a tuple of two strings");d=[l.value,f.value]}else if(!(c instanceof Q))throw new Error("If set, separators must be a tuple of two strings");return new C(ft(e,{indent:i.value,ensureAscii:a.value,sortKeys:u.value,separators:d}))}else if(o==="join"){let s;if(e instanceof C)s=Array.from(e.value);else if(e instanceof F)s=e.value.map(c=>c.value);else throw new Error(`Cannot apply filter "${o}" to type: ${e.type}`);let[i,a]=this.evaluateArguments(n.args,r),u=i.at(0)??a.get("separator")??new C("");if(!(u instanceof C))throw new Error("separator must be a string");return new C(s.join(u.value))}else if(o==="int"||o==="float"){let[s,i]=this.evaluateArguments(n.args,r),a=s.at(0)??i.get("default")??(o==="int"?new D(0):new G(0));if(e instanceof C){let u=o==="int"?parseInt(e.value,10):parseFloat(e.value);return isNaN(u)?a:o==="int"?new D(u):new G(u)}else{if(e instanceof D||e instanceof G)return e;if(e instanceof I)return o==="int"?new D(e.value?1:0):new G(e.value?1:0);throw new Error(`Cannot apply filter "${o}" to type: ${e.type}`)}}else if(o==="default"){let[s,i]=this.evaluateArguments(n.args,r),a=s[0]??new C(""),u=s[1]??i.get("boolean")??new I(!1);if(!(u instanceof I))throw new Error("`default` filter flag must be a boolean");return e instanceof Y||u.value&&!e.__bool__().value?a:e}if(e instanceof F){switch(o){case"sort":{let[s,i]=this.evaluateArguments(n.args,r),a=s.at(0)??i.get("reverse")??new I(!1);if(!(a instanceof I))throw new Error("reverse must be a boolean");let u=s.at(1)??i.get("case_sensitive")??new I(!1);if(!(u instanceof I))throw new Error("case_sensitive must be a boolean");let c=s.at(2)??i.get("attribute")??new Q;if(!(c instanceof C||c instanceof D||c instanceof Q))throw new Error("attribute must be a string, integer, or null");let d=l=>{if(c instanceof Q)return l;let f=c instanceof D?String(c.value):c.value;return ld(l,f)};return new F(e.value.slice().sort((l,f)=>{let p=d(l),h=d(f),m=qs(p,h,u.value);return a.value?-m:m}))}case"selectattr":case"rejectattr":{let s=o==="selectattr";if(e.value.some(l=>!Hn(l)))throw new Error(`\`${o}\` can only be applied to array of objects`);if(n.args.some(l=>l.type!=="StringLiteral"))throw new Error(`arguments of \`${o}\` must be strings`);let[i,a,u]=n.args.map(l=>this.evaluate(l,r)),c;if(a){let l=r.tests.get(a.value);if(!l)throw new Error(`Unknown test: ${a.value}`);c=l}else c=(...l)=>l[0].__bool__().value;let d=e.value.filter(l=>{let f=l.value.get(i.value),p=f?c(f,u):!1;return s?p:!p});return new F(d)}case"map":{let[,s]=this.evaluateArguments(n.args,r);if(s.has("attribute")){let i=s.get("attribute");if(!(i instanceof C))throw new Error("attribute must be a string");let a=s.get("default"),u=e.value.map(c=>{if(!Hn(c))throw new Error("items in map must be an object");let d=ld(c,i.value);return d instanceof Y?a??new Y:d});return new F(u)}else throw new Error("`map` expressions without `attribute` set are not currently supported.")}}throw new Error(`Unknown ArrayValue filter: ${o}`)}else if(e instanceof C){switch(o){case"indent":{let[s,i]=this.evaluateArguments(n.args,r),a=s.at(0)??i.get("width")??new D(4);if(!(a instanceof D))throw new Error("width must be a number");let u=s.at(1)??i.get("first")??new I(!1),c=s.at(2)??i.get("blank")??new I(!1),d=e.value.split(`
`),l=" ".repeat(a.value),f=d.map((p,h)=>!u.value&&h===0||!c.value&&p.length===0?p:l+p);return new C(f.join(`
`))}case"replace":{let s=e.builtins.get("replace");if(!(s instanceof Z))throw new Error("replace filter not available");let[i,a]=this.evaluateArguments(n.args,r);return s.value([...i,new Nt(a)],r)}}throw new Error(`Unknown StringValue filter: ${o}`)}else if(e instanceof de){let s=e.builtins.get(o);if(s&&s instanceof Z){let[i,a]=this.evaluateArguments(n.args,r);return a.size>0&&i.push(new Nt(a)),s.value(i,r)}throw new Error(`Unknown ObjectValue filter: ${o}`)}else throw new Error(`Cannot apply filter "${o}" to type: ${e.type}`)}throw new Error(`Unknown filter: ${t.type}`)}evaluateFilterExpression(e,t){let r=this.evaluate(e.operand,t);return this.applyFilter(r,e.filter,t)}evaluateTestExpression(e,t){let r=this.evaluate(e.operand,t),n=t.tests.get(e.test.value);if(!n)throw new Error(`Unknown test: ${e.test.value}`);let o=n(r);return new I(e.negate?!o:o)}evaluateSelectExpression(e,t){return this.evaluate(e.test,t).__bool__().value?this.evaluate(e.lhs,t):new Y}evaluateUnaryExpression(e,t){let r=this.evaluate(e.argument,t);switch(e.operator.value){case"not":return new I(!r.__bool__().value);case"+":case"-":{let n=e.operator.value==="-"?-1:1;if(r instanceof D||r instanceof G||r instanceof I){let o=r instanceof I?r.value?1:0:r.value,s=n*o;return r instanceof G?new G(s):new D(s)}throw new SyntaxError(`Unknown operator "${e.operator.value}" for ${r.type}`)}default:throw new SyntaxError(`Unknown operator: ${e.operator.value}`)}}evaluateTernaryExpression(e,t){return this.evaluate(e.condition,t).__bool__().value?this.evaluate(e.trueExpr,t):this.evaluate(e.falseExpr,t)}evalProgram(e,t){return this.evaluateBlock(e.body,t)}evaluateBlock(e,t){let r="";for(let n of e){let o=this.evaluate(n,t);o.type!=="NullValue"&&o.type!=="UndefinedValue"&&(r+=o.toString())}return new C(r)}evaluateIdentifier(e,t){return t.lookupVariable(e.value)}evaluateCallExpression(e,t){let[r,n]=this.evaluateArguments(e.args,t);n.size>0&&r.push(new Nt(n));let o=this.evaluate(e.callee,t);if(o.type!=="FunctionValue")throw new Error(`Cannot call something that is not a function: got ${o.type}`);return o.value(r,t)}evaluateSliceExpression(e,t,r){if(!(e instanceof F||e instanceof C))throw new Error("Slice object must be an array or string");let n=this.evaluate(t.start,r),o=this.evaluate(t.stop,r),s=this.evaluate(t.step,r);if(!(n instanceof D||n instanceof Y))throw new Error("Slice start must be numeric or undefined");if(!(o instanceof D||o instanceof Y))throw new Error("Slice stop must be numeric or undefined");if(!(s instanceof D||s instanceof Y))throw new Error("Slice step must be numeric or undefined");return e instanceof F?new F(sd(e.value,n.value,o.value,s.value)):new C(sd(Array.from(e.value),n.value,o.value,s.value).join(""))}evaluateMemberExpression(e,t){let r=this.evaluate(e.object,t),n;if(e.computed){if(e.property.type==="SliceExpression")return this.evaluateSliceExpression(r,e.property,t);n=this.evaluate(e.property,t)}else e.property.type==="IntegerLiteral"?n=new D(e.property.value):n=new C(e.property.value);let o;if(Hn(r)){if(!(n instanceof C))throw new Error(`Cannot access property with non-string: got ${n.type}`);o=r.value.get(n.value)??(r instanceof de?r.builtins.get(n.value):void 0)}else if(r instanceof F||r instanceof C)if(n instanceof D)if(r instanceof C){let s=r.value.at(n.value);o=s===void 0?void 0:new C(s)}else o=r.value.at(n.value);else if(n instanceof C)o=r.builtins.get(n.value);else throw new Error(`Cannot access property with non-string/non-number: got ${n.type}`);else{if(!(n instanceof C))throw new Error(`Cannot access property with non-string: got ${n.type}`);o=r.builtins.get(n.value)}return o instanceof ze?o:new Y}evaluateSet(e,t){let r=e.value?this.evaluate(e.value,t):this.evaluateBlock(e.body,t);if(e.assignee.type==="Identifier"){let n=e.assignee.value;t.setVariable(n,r)}else if(e.assignee.type==="TupleLiteral"){let n=e.assignee;if(!(r instanceof F))throw new Error(`Cannot unpack non-iterable type in set: ${r.type}`);let o=r.value;if(o.length!==n.value.length)throw new Error(`Too ${n.value.length>o.length?"few":"many"} items to unpack in set`);for(let s=0;s<n.value.length;++s){let i=n.value[s];if(i.type!=="Identifier")throw new Error(`Cannot unpack to non-identifier in set: ${i.type}`);t.setVariable(i.value,o[s])}}else if(e.assignee.type==="MemberExpression"){let n=e.assignee,o=this.evaluate(n.object,t);if(!(o instanceof Ws))throw new Error("cannot assign attribute on non-namespace object");if(n.property.type!=="Identifier")throw new Error("Cannot assign to member with non-identifier property");o.value.set(n.property.value,r)}else throw new Error(`Invalid LHS inside assignment expression: ${JSON.stringify(e.assignee)}`);return new Q}evaluateIf(e,t){let r=this.evaluate(e.test,t);return this.evaluateBlock(r.__bool__().value?e.body:e.alternate,t)}evaluateFor(e,t){let r=new ke(t),n,o;if(e.iterable.type==="SelectExpression"){let c=e.iterable;o=this.evaluate(c.lhs,r),n=c.test}else o=this.evaluate(e.iterable,r);if(!(o instanceof F||o instanceof de))throw new Error(`Expected iterable or object type in for loop: got ${o.type}`);o instanceof de&&(o=o.keys());let s=[],i=[];for(let c=0;c<o.value.length;++c){let d=new ke(r),l=o.value[c],f;if(e.loopvar.type==="Identifier")f=p=>p.setVariable(e.loopvar.value,l);else if(e.loopvar.type==="TupleLiteral"){let p=e.loopvar;if(l.type!=="ArrayValue")throw new Error(`Cannot unpack non-iterable type: ${l.type}`);let h=l;if(p.value.length!==h.value.length)throw new Error(`Too ${p.value.length>h.value.length?"few":"many"} items to unpack`);f=m=>{for(let g=0;g<p.value.length;++g){if(p.value[g].type!=="Identifier")throw new Error(`Cannot unpack non-identifier type: ${p.value[g].type}`);m.setVariable(p.value[g].value,h.value[g])}}}else throw new Error(`Invalid loop variable(s): ${e.loopvar.type}`);n&&(f(d),!this.evaluate(n,d).__bool__().value)||(s.push(l),i.push(f))}let a="",u=!0;for(let c=0;c<s.length;++c){let d=new Map([["index",new D(c+1)],["index0",new D(c)],["revindex",new D(s.length-c)],["revindex0",new D(s.length-c-1)],["first",new I(c===0)],["last",new I(c===s.length-1)],["length",new D(s.length)],["previtem",c>0?s[c-1]:new Y],["nextitem",c<s.length-1?s[c+1]:new Y]]);r.setVariable("loop",new de(d)),i[c](r);try{let l=this.evaluateBlock(e.body,r);a+=l.value}catch(l){if(l instanceof ad)continue;if(l instanceof id)break;throw l}u=!1}if(u){let c=this.evaluateBlock(e.defaultBlock,r);a+=c.value}return new C(a)}bindMacroArguments(e,t,r,n,o){let s=n.slice(),i=new Map;s.at(-1)instanceof Nt&&(i=new Map(s.pop().value));let a=[];for(let u=0;u<t.length;++u){let{name:c,defaultValue:d}=Us(t[u]),l=s[u];l===void 0&&i.has(c)&&(l=i.get(c),i.delete(c)),l===void 0&&d!==void 0&&a.push([c,d]),o.setVariable(c,l??new Y)}if(r.has("kwargs"))o.setVariable("kwargs",new de(i));else if(i.size>0)throw new Error(`macro ${e} takes no keyword argument '${i.keys().next().value}'`);if(r.has("varargs"))o.setVariable("varargs",new F(s.slice(t.length)));else if(s.length>t.length)throw new Error(`macro ${e} takes not more than ${t.length} argument(s)`);for(let[u,c]of a)o.setVariable(u,this.evaluate(c,o))}evaluateMacro(e,t){let r=fd(e.args,e.body);return t.setVariable(e.name.value,new Z((n,o)=>{let s=new ke(o);return this.bindMacroArguments(`'${e.name.value}'`,e.args,r,n,s),this.evaluateBlock(e.body,s)})),new Q}evaluateCallStatement(e,t){let r=e.callerArgs??[],n=fd(r,e.body),o=new Z(c=>{let d=new ke(t);return this.bindMacroArguments("None",r,n,c,d),this.evaluateBlock(e.body,d)}),[s,i]=this.evaluateArguments(e.call.args,t);s.push(new Nt(i));let a=this.evaluate(e.call.callee,t);if(a.type!=="FunctionValue")throw new Error(`Cannot call something that is not a function: got ${a.type}`);let u=new ke(t);return u.setVariable("caller",o),a.value(s,u)}evaluateFilterStatement(e,t){let r=this.evaluateBlock(e.body,t);return this.applyFilter(r,e.filter,t)}evaluate(e,t){if(!e)return new Y;switch(e.type){case"Program":return this.evalProgram(e,t);case"Set":return this.evaluateSet(e,t);case"If":return this.evaluateIf(e,t);case"For":return this.evaluateFor(e,t);case"Macro":return this.evaluateMacro(e,t);case"CallStatement":return this.evaluateCallStatement(e,t);case"Break":throw new id;case"Continue":throw new ad;case"IntegerLiteral":return new D(e.value);case"FloatLiteral":return new G(e.value);case"StringLiteral":return new C(e.value);case"ArrayLiteral":return new F(e.value.map(r=>this.evaluate(r,t)));case"TupleLiteral":return new ud(e.value.map(r=>this.evaluate(r,t)));case"ObjectLiteral":{let r=new Map;for(let[n,o]of e.value){let s=this.evaluate(n,t);if(!(s instanceof C))throw new Error(`Object keys must be strings: got ${s.type}`);r.set(s.value,this.evaluate(o,t))}return new de(r)}case"Identifier":return this.evaluateIdentifier(e,t);case"CallExpression":return this.evaluateCallExpression(e,t);case"MemberExpression":return this.evaluateMemberExpression(e,t);case"UnaryExpression":return this.evaluateUnaryExpression(e,t);case"BinaryExpression":return this.evaluateBinaryExpression(e,t);case"FilterExpression":return this.evaluateFilterExpression(e,t);case"FilterStatement":return this.evaluateFilterStatement(e,t);case"TestExpression":return this.evaluateTestExpression(e,t);case"SelectExpression":return this.evaluateSelectExpression(e,t);case"Ternary":return this.evaluateTernaryExpression(e,t);case"Comment":return new Q;default:throw new SyntaxError(`Unknown node type: ${e.type}`)}}};function Jn(e){switch(typeof e){case"number":return Number.isInteger(e)?new D(e):new G(e);case"string":return new C(e);case"boolean":return new I(e);case"undefined":return new Y;case"object":return e===null?new Q:Array.isArray(e)?new F(e.map(Jn)):new de(new Map(Object.entries(e).map(([t,r])=>[t,Jn(r)])));case"function":return new Z((t,r)=>{let n=e(...t.map(o=>o.value))??null;return Jn(n)});default:throw new Error(`Cannot convert to runtime value: ${e}`)}}var cC=Object.freeze({CONDITIONAL:0,LOGICAL_OR:1,LOGICAL_AND:2,LOGICAL_NOT:3,COMPARISON:4,ADDITIVE:5,MULTIPLICATIVE:6,EXPONENTIATION:7,TEST:8,FILTER:9,UNARY_SIGN:10,ATOM:11});var wd=new Set(["replace","join","indent","tojson"]);function Fs(e,t,r){return typeof t?.value!="string"||typeof r?.value!="string"?e.length:e.length+(e.length/Math.max(1,t.value.length)+1)*r.value.length}function _d(e,t,r,n,o){let{size:s,depth:i}=o.of(t),a=typeof t.value=="string"?t.value:"",u=d=>d===void 0?0:o.of(d).size,c=d=>typeof d?.value=="number"?Math.max(0,d.value):0;switch(e){case"replace":return Fs(a,r[0],r[1]);case"join":return s*(1+u(r[0]??n.get("separator")));case"indent":return s+a.split(`
`).length*c(r[0]??n.get("width"));default:return s*(1+i*c(n.get("indent"))+u(n.get("separators")))}}var De=class{value;type;constructor(t){this.value=t,this.type="Held"}};function et(e,t){return new e.constructor(t)}var Zn=class{#e=new WeakMap;of(t){let r=t.value;if(typeof r=="string")return{size:1+r.length,work:1+(r.length>>4),depth:0};if(typeof r!="object"||r===null)return{size:1,work:1,depth:0};let n=this.#e.get(t);if(n!==void 0)return n;let o=1,s=1,i=0,a=c=>{if(c.type==="NamespaceValue")throw new V("it puts a namespace into a list, a dictionary or another namespace");let d=this.of(c);o+=d.size,s+=d.work,i=Math.max(i,d.depth+1)};if(r instanceof Map)for(let[c,d]of r)o+=c.length,a(d);else for(let c of r)a(c);if(i>200)throw new V(`it nests lists more than ${200} levels deep`);let u={size:o,work:s,depth:i};return t.type!=="NamespaceValue"&&this.#e.set(t,u),u}};var Cr=class{ends;text;constructor(t){this.ends=t,this.text=""}},w_=new Set(["sort","dictsort"]),__=new Set(["ArrayLiteral","TupleLiteral","ObjectLiteral","BinaryExpression","CallExpression","FilterExpression"]),Ks=4*1048576,Qn=class extends gd{#e=2e6;#t=0;#r="";#n=new Zn;#o;#s;#i;constructor(t,r){super(t),this.#o=r.length,this.#s=r.includes("loop");let n=i=>super.evaluate(i,t),[o,s]=[n({type:"IntegerLiteral",value:1}),n({type:"StringLiteral",value:""})];this.#i={whole:o,truth:n({type:"UnaryExpression",operator:{value:"not"},argument:new De(o)}),none:super.evaluate(void 0,t),fields:n({type:"ObjectLiteral",value:new Map}),text:s}}spend(t){if(this.#e-=t,this.#e<0)throw new V(`it takes more than ${2e6} steps: it loops without end, or nearly so`)}evaluate(t,r){if(t==null)return super.evaluate(void 0,r);if(t instanceof De)return t.value;if(this.#t>=200)throw new V(`it nests more than ${200} levels deep: a macro may call itself without end`);this.spend(1);let n=this.#r;this.#r=t.type,this.#t++;try{let o=this.#c(t,r);return this.#y(o,t.type,n),o}finally{this.#t--,this.#r=n}}#c(t,r){let n=t;switch(t.type){case"Identifier":return this.#m(n.value,r);case"MemberExpression":return this.#g(n,r);case"FilterExpression":return this.#h(this.evaluate(n.operand,r),n.filter,r);case"FilterStatement":return this.#h(this.#p(this.#a(n.body,r)),n.filter,r);case"If":{let{value:o}=this.evaluate(n.test,r).__bool__();return this.#p(this.#a(o?n.body:n.alternate,r))}case"For":return this.#p(this.#u(n,r));case"BinaryExpression":if(n.operator.value==="*")return this.#w(n,r);break;case"Break":case"Continue":throw this.spend(25),new Cr(t.type==="Break");case"Macro":case"CallStatement":this.spend(this.#o>>3);break}return super.evaluate(t,r)}#a(t,r){let n="";try{for(let o of t){let s=this.evaluate(o,r);typeof s.value=="object"&&s.value!==null&&this.spend(this.#n.of(s).work),s.type!=="NullValue"&&s.type!=="UndefinedValue"&&(n+=s.toString())}}catch(o){throw o instanceof Cr&&(o.text=n+o.text),o}return n}#u({loopvar:t,iterable:r,body:n,defaultBlock:o},s){let i=new ke(s),a=r.type==="SelectExpression"?r:void 0,u=this.#f(this.evaluate(a?.lhs??r,i)),c=a===void 0?u:u.filter(l=>{let f=new ke(i);return this.#l(t,l,f),this.evaluate(a.test,f).__bool__().value});if(c.length===0)return this.#a(o,i);let d="";for(let[l,f]of c.entries()){this.#s&&i.setVariable("loop",this.#d(c,l)),this.#l(t,f,i);try{d+=this.#a(n,i)}catch(p){if(!(p instanceof Cr))throw p;if(d+=p.text,p.ends)break}}return d}#d(t,r){let{whole:n,truth:o,none:s,fields:i}=this.#i,a=d=>et(n,d),u=t.length-1,c=new Map([["index",a(r+1)],["index0",a(r)],["revindex",a(t.length-r)],["revindex0",a(u-r)],["first",et(o,r===0)],["last",et(o,r===u)],["length",a(t.length)],["previtem",t[r-1]??s],["nextitem",t[r+1]??s]]);return et(i,c)}#f({type:t,value:r}){if(t==="UndefinedValue")return[];if(r instanceof Map)return this.spend(3*r.size),[...r.keys()].map(n=>this.#p(n));if(typeof r!="string"&&!Array.isArray(r))throw new V(`it goes through ${JSON.stringify(r)} as if it were a list`);return this.spend(3*r.length),typeof r=="string"?Array.from(r,n=>this.#p(n)):r}#l(t,r,n){let{type:o,value:s}=t;if(o==="Identifier")return void n.setVariable(s,r);let[i,a]=[s,r.value];if(o!=="TupleLiteral"||!Array.isArray(a)||a.length!==i.length)throw new V("it takes apart what has more or fewer parts");i.forEach((u,c)=>this.#l(u,a[c],n))}#p(t){return et(this.#i.text,t)}#m(t,r){for(let n=r;n!==void 0;n=n.parent){let o=n.variables.get(t);if(o!==void 0)return o}return super.evaluate(void 0,r)}#g(t,r){let n=this.evaluate(t.object,r),o={...t,type:"MemberExpression",object:new De(n)},s=super.evaluate(o,r);return n.type!=="StringValue"||s.type!=="FunctionValue"?s:this.#_(n.value,y_(n,s),s)}#w(t,r){let n=this.evaluate(t.left,r),o=this.evaluate(t.right,r),[s,i]=n.type==="IntegerValue"?[o,n]:[n,o],{value:a}=s;if(i.type!=="IntegerValue"||s.type!=="StringValue"&&!Array.isArray(a))return super.evaluate({...t,type:"BinaryExpression",left:new De(n),right:new De(o)},r);let u=Math.max(0,i.value);return er(u*this.#n.of(s).size,Ks),et(s,typeof a=="string"?a.repeat(u):Array.from({length:u},()=>a).flat())}#_(t,r,n){let o=n.value,s=i=>et(n,(a,u)=>i(a)??o(a,u));return r==="replace"?s(([i,a])=>{er(Fs(t,i,a),Ks)}):r==="strip"||r==="lstrip"||r==="rstrip"?s(([i])=>{if(i?.type==="StringValue")return et(i,v_(t,i.value,r))}):n}#h(t,r,n){let{callee:o,args:s}=r,i=(o??r).value,a=r;if(w_.has(i)&&this.spend(this.#n.of(t).size),s!==void 0&&wd.has(i)){let c=new Map,d=[],l=s.map(f=>{let{type:p,key:h,value:m}=f;if(p.includes("Spread"))throw new V(`the filter ${i} takes no * or ** here`);let g=this.evaluate(p==="KeywordArgumentExpression"?m:f,n);return p!=="KeywordArgumentExpression"?d.push(g):c.set(h.value,g),p==="KeywordArgumentExpression"?{type:p,key:h,value:new De(g)}:new De(g)});er(_d(i,t,d,c,this.#n),Ks),a={...r,type:"CallExpression",callee:o,args:l}}let u={type:"FilterExpression",operand:new De(t),filter:a};return super.evaluate(u,n)}#y(t,r,n){if(t.type==="StringValue"){let{length:a}=t.value;er(a),this.spend(a>>4);return}if(typeof t.value!="object"||t.value===null||!__.has(r)&&(n==="MemberExpression"||n==="For"))return;let{size:s,work:i}=this.#n.of(t);er(s),this.spend(i)}};function y_(e,t){for(let[r,n]of e.builtins)if(n===t)return r}function v_(e,t,r){let n=new Set(t),o=Array.from(e),s=0,i=o.length;if(r!=="rstrip")for(;s<i&&n.has(o[s]);)s++;if(r!=="lstrip")for(;i>s&&n.has(o[i-1]);)i--;return o.slice(s,i).join("")}var vd=["January","February","March","April","May","June","July","August","September","October","November","December"],bd=["Sunday","Monday","Tuesday","Wednesday","Thursday","Friday","Saturday"];function xd(e,t){let r=u=>String(u).padStart(2,"0"),[n,o,s,i]=[e.getFullYear(),e.getMonth(),e.getDate(),e.getHours()],a={Y:()=>String(n),y:()=>r(n%100),m:()=>r(o+1),d:()=>r(s),e:()=>String(s).padStart(2," "),b:()=>vd[o].slice(0,3),B:()=>vd[o],a:()=>bd[e.getDay()].slice(0,3),A:()=>bd[e.getDay()],H:()=>r(i),I:()=>r(i%12===0?12:i%12),M:()=>r(e.getMinutes()),S:()=>r(e.getSeconds()),p:()=>i<12?"AM":"PM",j:()=>String(Math.round((Date.UTC(n,o,s)-Date.UTC(n,0,0))/864e5)).padStart(3,"0"),"%":()=>"%"};return t.replace(/%(.)/gs,(u,c)=>a[c]?.()??u)}var kd=1<<18,Ed=512,b_=/\{%([-+]?)\s{0,99}(end)?generation\s{0,99}([-+]?)%\}/g,[Sd,Od]=["generation_begins_","generation_ends_"];function Ad(e,t){if(e.length>kd)throw new $(`${t}: expected a chat template of at most ${kd} characters, found ${e.length}`);let r=!1,n=e.replace(b_,(i,a,u,c)=>(r=!0,`{%${a} if true %}{{ ${u?Od:Sd} }}{% endif ${c}%}`));if(new RegExp(`\\s{${Ed}}`).test(n))throw new $(`${t}: expected a chat template, found a run of over ${Ed} spaces or line feeds`);let o;try{o=hd(pd(n,{trim_blocks:!0,lstrip_blocks:!0}))}catch(i){throw new $(`${t}: expected a Jinja template, found an error in it: ${x_(i)}`)}let s=new ke;for(let[i,a]of Object.entries($_))s.set(i,a);return{marksAnswers:r,render(i,{begin:a,end:u}){let c=new ke(s);for(let[l,f]of Object.entries({[Sd]:a,[Od]:u,...i}))c.set(l,f);let d=new Qn(c,n);try{return String(d.run(o).value)}catch(l){if(l instanceof V)throw l;let{message:f}=l;throw new V(l instanceof RangeError?`it nests more than ${200} levels deep, or grows without end`:f)}}}}function x_(e){let{message:t}=e;return e instanceof RangeError?"it nests too deeply":e instanceof TypeError?"it ends inside a block or an expression":t}var $_={true:!0,True:!0,false:!1,False:!1,none:null,None:null,tools:null,documents:null,range:k_,raise_exception(e){throw new V(typeof e=="string"?e:"without a word")},strftime_now:e=>xd(new Date,String(e))};function k_(...e){if(e.length<1||e.length>3||!e.every(Number.isInteger))throw new V("range() takes one to three whole numbers");let[t,r,n=1]=e.length===1?[0,e[0]]:e;if(n===0)throw new V("range() takes a step other than 0");let o=Math.max(0,Math.ceil((r-t)/n));if(o>1e5)throw new V(`it asks for a range of ${o} numbers; at most ${1e5} are given`);return Array.from({length:o},(s,i)=>t+i*n)}var E_=Array.from({length:32},(e,t)=>String.fromCharCode(64976+t)),Td=/[\uFDD0-\uFDEF]/;function Cd(e){let t=new Set;for(let s of e)if(Td.test(s))for(let i of s)Td.test(i)&&t.add(i);let[r,n,o]=E_.filter(s=>!t.has(s));if(o===void 0)throw new V("expected text, found most of Unicode's noncharacters in it");return{begin:r,end:n,literal:o}}function Vs(e,{begin:t,end:r,literal:n}){let o=e.split(new RegExp(`([${t}${r}${n}])`));if(o.length===1)return{text:e,literal:new Set,trained:[]};let s="",i=0,a=0,u=new Set,c=[];for(let d of o)if(d===t)a++===0&&(i=s.length);else if(d===r){if(--a===0&&s.length>i&&c.push([i,s.length]),a<0)break}else d===n?u.add(s.length):s+=d;if(a!==0)throw new V("it begins a {% generation %} block without ending it");return{text:s,literal:u,trained:c}}function Nd(e,t,{asText:r,systemAsText:n=!1,escape:o}){let s=(d,l,f)=>{let p=l.map(o);if(r!==void 0)return{role:d,content:p.join(r+f)};let h=p.flatMap((m,g)=>[...g>0?[{type:"image"}]:[],...m!==""||p.length===1?[{type:"text",text:m}]:[]]);return{role:d,content:h}},i=Ut(e),a=e.turns.some(d=>d.places!==void 0),{system:u}=e,c=u===void 0?[]:[n?{role:"system",content:o(u)}:s("system",[u],"")];for(let[d,{question:l,answer:f}]of e.turns.slice(0,t).entries())c.push(s("user",Qr(l,i[d]),a?"":`
`)),c.push(s("assistant",[f],""));return c}var eo={id:"probe",task:"probe",file:"probe",images:[],turns:[{question:'Is "this" it?',answer:'Yes, "it" is.'}]};function Md({template:e,tokenizer:t,names:r,image:n,notes:o=[]}){let s=Ad(e.text,e.place),i=`the template in ${e.place}`,a=t.id(n.image);if(a===void 0)throw new $(`tokenizer.json: expected the image's token ${n.image}, found none. Bring back the files that came with the model`);let u=new RegExp([...new Set([...t.specials,n.image])].sort((M,k)=>k.length-M.length).map(M=>M.replace(/[\\^$.*+?()[\]{}|/]/g,"\\$&")).join("|"),"gu"),c=r.get("bos_token"),d=Object.fromEntries(r),l,f=new Map,p=M=>Ar(n.perTile,M),h,m=!1,g=M=>{let k=`${M.rows} ${M.columns}`,S=f.get(k);if(S===void 0){if(S=t.encodeRendered({text:js(n,M),literal:new Set,trained:[]}).ids,S.filter(b=>b===a).length!==p(M)||t.special(S[0])===void 0&&S[0]!==a)throw new $(`tokenizer.json: expected the tokens that stand around an image's tiles, found them missing in ${JSON.stringify(js({...n,perTile:1},Te))}. Bring back the files that came with the model`);f.set(k,S)}return S},w=(M,k)=>{let S=M.turns.slice(0,k).flatMap(({question:E,answer:z})=>[E,z]),y=Cd([e.text,M.system??"",...S]);return{messages:Nd(M,k,{asText:h,systemAsText:m,escape:E=>E.replace(u,`${y.literal}$&`)}),marks:y}},_=(M,k,S)=>s.render({...d,messages:M,add_generation_prompt:k},S),v=(M,k)=>{let S=_(M,!1,k);if(s.marksAnswers){let z=M.filter(({role:ee})=>ee==="assistant").length,H=S.split(k.begin).length-1;if(H>=z)return S;throw new V(`its {% generation %} blocks mark ${H} stretches for ${z} answers: put one around every answer`)}let y=Yl(M,(z,H)=>_(z,H,k),k,u),b="",E=0;for(let[z,H]of y)b+=S.slice(E,z)+k.begin+S.slice(z,H)+k.end,E=H;return b+S.slice(E)},O=(M,k,S,y,{maxTokens:b})=>{if(y.length!==M.images.length)throw new RangeError(`${Pe(M)}: expected ${M.images.length} grids, found ${y.length}`);let{messages:E,marks:z}=w(M,k),H=Vs(S?_(E.slice(0,-1),!0,z):v(E,z),z);if(!S&&H.trained.length===0)throw new V("it writes none of the answers");let ee=t.encodeRendered(H),Ee=c!==void 0&&H.text.startsWith(c)&&!H.literal.has(0),ce=Ut(M).slice(0,k).flat().length,Me=ee.ids.reduce((rt,Lt)=>rt+(Lt===a?1:0),0);if(Me!==ce)throw new V(Me===0?`it writes no ${n.image}, so that the model would see none of its ${ce} images`:`expected a ${n.image} for each of its ${ce} images, found ${Me}`);let ht=Ee?[]:[...t.around.before],or=ht.map(()=>0),jf=0;if(ee.ids.forEach((rt,Lt)=>{let si=rt===a?g(y[jf++]):void 0;if(si===void 0)ht.push(rt),or.push(ee.mask[Lt]||(rt===l&&ee.mask[Lt-1]===1?1:0));else for(let Bf of si)ht.push(Bf),or.push(0)}),!S&&!Ee&&t.around.after.forEach((rt,Lt)=>{or.push(Lt===0&&rt===l&&or.at(-1)===1?1:0),ht.push(rt)}),ht.length>b)throw qt(M,ht.length,Fe({imageTokens:p},y.slice(0,ce)),b);return{ids:Int32Array.from(ht),mask:Uint8Array.from(or),images:M.images.slice(0,ce)}},A=(M,k)=>{try{return k()}catch(S){throw S instanceof V?new $(`${M}: ${i} does not lay it out: ${S.message}`):S}},N=(M,k=!1)=>{try{let{messages:S,marks:y}=w(M,M.turns.length),{text:b}=Vs(_(k?S.slice(0,-1):S,k,y),y),E=[M.system,...M.turns.flatMap(({question:H,answer:ee})=>[H,ee])];k&&E.pop();let z=E.find(H=>H!==void 0&&!b.includes(H.trim()));return z===void 0?void 0:`it does not write ${JSON.stringify(z)} as it was said`}catch(S){if(S instanceof V)return S.message;throw S}},R=[...o],B=N(eo);if(B!==void 0){if(h=n.image,N(eo)!==void 0)throw new $(`${e.place}: expected a chat template for a question and an answer, found: ${B}`);R.push(`${i} takes texts alone: images are written into them as ${n.image}`)}let K,T=(M,k)=>{if(M.system===void 0||M.system.trim()==="")return;if(K===void 0){let b={...eo,system:'Say "this" alone.'},E=()=>({prompt:N(b,!0),whole:N(b)}),z=Ee=>Ee.prompt!==void 0&&Ee.whole!==void 0,H=E();m=z(H);let ee=m?E():H;K=z(ee)?H:ee}let{prompt:S,whole:y}=K;if(k&&S!==void 0)throw new V(`what the system says: ${S}`);if(!(k||y===void 0))throw new V(S===void 0?`what the system says stands in prompts, but not in whole conversations, from which a model learns: ${y}. Take it out of the sample, or say it in a question`:`what the system says: ${y}`)},P=A(e.place,()=>O(eo,1,!1,[],{maxTokens:1/0})),W=P.mask.lastIndexOf(1),se=t.special(P.ids[W])!==void 0,{after:ae}=t.around,ue=[P.ids[W],P.ids[W+1]].filter(M=>M!==void 0&&t.special(M)!==void 0),X=ue.find(M=>!ae.includes(M))??ue[0];return se||(R.push(X===void 0?Is(i):ae.includes(X)?`${i} writes no token that ends an answer: ${t.special(X)}, which tokenizer.json puts after a whole conversation, is trained as the end of its last answer`:`${i} leaves ${t.special(X)}, which ends an answer, out of its {% generation %} blocks: it is trained all the same, so that a tuned model stops`),l=X),ae.length>0&&l!==ae[0]&&R.push("tokenizer.json puts tokens after a text: they end conversations, but not prompts, and are not trained"),g(Te),{name:i,imageId:a,stops:X===void 0?[]:[X],notes:R,imageTokens:p,encode:(M,k,S)=>A(Pe(M),()=>{let y=M.turns.findIndex(({answer:b})=>b.trim()==="");if(y>=0)throw Yr(M,y);return T(M,!1),O(M,M.turns.length,!1,k,S)}),promptOf(M,k,S,y){return Zr(M,k),A(Pe(M),()=>{T(M,!0);let{ids:b,images:E}=O(M,k+1,!0,S,y);return{ids:b,images:E}})}}}function Ld(e,t,r,n){let o=Jl(e);if(o===void 0)return Hl(r,n);let s=Xl(e),i=t.image_token_id??t.image_token_index,a=r.id(s);if(typeof i=="number"&&a!==void 0&&a!==i)throw new $(`config.json: expected the id of ${s}, which is ${a} in tokenizer.json, found ${i} as the image's token. The files are of different models`);return Md({template:o.template,tokenizer:r,names:Vn(e),image:{family:String(t.model_type),image:s,perTile:n,names:Vn(e)},notes:o.others.map(({place:u})=>`${u} holds another chat template, which is not heeded: ${o.template.place} comes first`)})}var S_=class{constructor(e){this.trie=this._build_trie(e)}_build_trie(e){let t=Object.create(null);for(let r of e){let n=t;for(let o=0;o<r.length;++o){let s=r[o];n=n[s]??=Object.create(null)}n.end=r}return t}split(e){let t=[],r=e.length,n=0,o=0;for(;o<r;){let s=this.trie,i=null,a=o;for(;a<r&&(s=s[e[a]]);)s.end&&(i=s.end),++a;i?(o>n&&t.push(e.slice(n,o)),t.push(i),o+=i.length,n=o):++o}return n<r&&t.push(e.slice(n)),t}},Rd=S_,O_=class{constructor(e){this.content=e.content,this.id=e.id,this.single_word=e.single_word??!1,this.lstrip=e.lstrip??!1,this.rstrip=e.rstrip??!1,this.special=e.special??!1,this.normalized=e.normalized??!this.special}},A_=O_,Fd=(e,t)=>{try{return new RegExp(e,t)}catch(r){if(!(r instanceof SyntaxError))throw r;let n=new Map,o=e.replace(/(\\[pP])\{([^}=]+)\}/g,(s,i,a,u)=>{let c=0;for(let l=u-1;l>=0&&e[l]==="\\";--l)++c;if(c%2===1)return s;let d=n.get(a);if(d===void 0){try{new RegExp(`\\p{${a}}`,"u"),d=a}catch{d=`Script=${a}`}n.set(a,d)}return`${i}{${d}}`});if(o===e)throw r;try{return new RegExp(o,t)}catch{throw r}}},Hs=e=>e.replace(/ \./g,".").replace(/ \?/g,"?").replace(/ \!/g,"!").replace(/ ,/g,",").replace(/ \' /g,"'").replace(/ n't/g,"n't").replace(/ 'm/g,"'m").replace(/ 's/g,"'s").replace(/ 've/g,"'ve").replace(/ 're/g,"'re"),oo=(e,t=!0)=>{if(e.Regex!==void 0){let r=K_(U_(e.Regex));return Fd(r,"gu")}else if(e.String!==void 0){let r=V_(e.String);return new RegExp(t?r:`(${r})`,"gu")}else return console.warn("Unknown pattern type:",e),null},nr="\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}",Kd=`${nr}\\u00B2\\u00B3\\u00B9\\u00BC-\\u00BE`,Ke=`[${Kd}]`,Vd=`[^${Kd}]`,T_=`(?:(?<!${Ke})(?=${Ke})|(?<=${Ke})(?!${Ke}))`,C_=`(?:(?<!${Ke})(?!${Ke})|(?<=${Ke})(?=${Ke}))`,N_="(?:(?<![\\s\\S])|(?<=\\n))",M_="(?:(?=\\n)|(?![\\s\\S]))",Nr="0-9A-Fa-f",L_=new Map([["A","(?<![\\s\\S])"],["z","(?![\\s\\S])"],["Z","(?=\\n?(?![\\s\\S]))"],["h",`[${Nr}]`],["H",`[^${Nr}]`],["w",Ke],["W",Vd],["d","\\p{Nd}"],["D","\\P{Nd}"],["s","\\p{White_Space}"],["S","\\P{White_Space}"],["b",T_],["B",C_],["a","\\x07"],["e","\\x1B"]]),R_=new Map([["h",Nr],["w",nr],["d","\\p{Nd}"],["D","\\P{Nd}"],["s","\\p{White_Space}"],["S","\\P{White_Space}"],["a","\\x07"],["e","\\x1B"]]),P_=new Map([["W",`[^${nr}]`],["H",`[^${Nr}]`]]),Gd=new Map([[`
`,"\\n"],["\r","\\r"],["	","\\t"],["\f","\\f"],["\v","\\v"]]),I_=new Map([["alpha","\\p{Alphabetic}"],["alnum","\\p{Alphabetic}\\p{Nd}"],["digit","\\p{Nd}"],["lower","\\p{Lowercase}"],["upper","\\p{Uppercase}"],["space","\\p{White_Space}"],["blank","\\t\\p{Zs}"],["punct","\\p{P}\\p{S}"],["cntrl","\\p{Cc}"],["word",nr],["xdigit",Nr]]),Hd="^$\\.*+?()[]{}|/",j_=/^\(\?(?:<[=!]|<[A-Za-z_][A-Za-z0-9_]*>|[:=!>])/,Jd=/^\\([pPxu])\{([^}]*)\}/,B_=/^\{(\d+(?:,\d*)?|,\d+)\}/,z_=/^\[:(\^?)(\p{Alphabetic}+):\]/u,D_=/^\[:\^:\]/,q_=/^\[(?:\.[^\]]*\.\]|=[^\]]*=\])/,Xd=/^(?:\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\c[A-Za-z])/,Yd=e=>e>="A"&&e<="Z"||e>="a"&&e<="z",to=(e,t)=>String.fromCodePoint(e.codePointAt(t)),Pd=e=>{if(!/^[0-9A-Fa-f]{1,8}$/.test(e))return null;let t=Number.parseInt(e,16);if(t>127)return null;let r=String.fromCharCode(t);return Yd(r)?`[${r.toLowerCase()}${r.toUpperCase()}]`:null},U_=e=>e.replace(/\[\^\(\\s\|\[([^\]]+)\]\)\]/g,"[^()|\\s$1]"),Zd="[\\s\\S]",Id=256,jd=()=>({fragment:"",alternatives:[],tail:null,contains_complex_set:!1}),Js=e=>{throw new SyntaxError(`Unsupported range with a set-valued character-class operand at index ${e}`)},ro=(e,t,r,n=!0)=>{e.tail==="range"&&Js(r),e.alternatives.push(t),e.tail="set",e.contains_complex_set=e.contains_complex_set||n},pt=(e,t,r=!1,n=-1)=>{if(r&&e.tail==="range"&&Js(n),e.tail==="range"){e.fragment+=t,e.tail="complete_range";return}e.fragment+=t,e.tail=r?"set":"scalar",e.contains_complex_set=e.contains_complex_set||r},W_=(e,t,r)=>{let n=Jd.exec(e.slice(t));if(n){let[f,p,h]=n;if(p==="P"&&h==="Word")ro(r,`[^${nr}]`,t);else{let m=p==="x"?`\\u{${h}}`:p==="p"&&h==="Word"?nr:f;pt(r,m,p==="p"||p==="P",t)}return t+f.length}let o=Xd.exec(e.slice(t));if(o)return pt(r,o[0]),t+o[0].length;if(t+1>=e.length)throw new SyntaxError(`Unterminated escape in character class at index ${t}`);let s=to(e,t+1),i=t+1+s.length,a=Gd.get(s);if(a!==void 0)return pt(r,a),i;let u=P_.get(s);if(u!==void 0)return ro(r,u,t),i;let c=R_.get(s),d,l=!1;return c!==void 0?(d=c,l=s!=="a"&&s!=="e"):/[A-Za-z0-9]/.test(s)?d=`\\${s}`:Hd.includes(s)||s==="-"?d=`\\${s}`:d=s,pt(r,d,l,t),i},Qd=e=>e.length===1?e[0]:`(?:(?=(?:${e.join("|")}))${Zd})`,Bd=e=>{let t=e.fragment.length===0?e.alternatives:[`[${e.fragment}]`,...e.alternatives];return Qd(t)},F_=e=>{let t=Fd(`^(?:${e})$`,"u"),r="";for(let n=0;n<26;++n){let o=String.fromCharCode(65+n),s=String.fromCharCode(97+n),i=t.test(o),a=t.test(s);i!==a&&(r+=i?s:o)}return r},ef=(e,t,r,n=!0,o=1)=>{if(o>Id)throw new SyntaxError(`Maximum character-class nesting depth of ${Id} exceeded at index ${t}`);let s=t+1,i=e[s]==="^";i&&++s;let a=s,u=[jd()],c=u[0],d=!1;for(;s<e.length;){let l=to(e,s);if(l==="\\"){s=W_(e,s,c);continue}if(l==="]"){if(s===a){pt(c,"\\]"),++s;continue}if(c.tail===null)throw u.length>1?new SyntaxError(`Malformed character-class intersection with an empty operand at index ${s}`):new SyntaxError(`Empty character class at index ${t}`);let f=u.some(_=>_.contains_complex_set);if(i&&u.length>1&&d)throw new SyntaxError(`Unsupported outer-negated character-class intersection with a nested negated class containing a Unicode property, POSIX class, or shorthand at index ${t}`);let p=Bd(u[0]),h=p;if(u.length>1){let _="";for(let v=1;v<u.length;++v)_+=`(?=${Bd(u[v])})`;h=`(?:${_}${p})`}let m=u.length===1&&c.alternatives.length===0,g=c.fragment;if(r&&n){let _=F_(h);_.length>0&&(m?(g+=_,h=`[${g}]`):h=Qd([h,`[${_}]`]))}return{atom:i?m?`[^${g}]`:`(?:(?!${h})${Zd})`:h,end:s+1,negated:i,contains_complex_set:f,contains_nested_negated_complex_set:d}}if(e.startsWith("&&",s)){if(c.tail===null)throw new SyntaxError(`Malformed character-class intersection with an empty operand at index ${s}`);c=jd(),u.push(c),s+=2;continue}if(l==="["){let f=e.slice(s);if(D_.test(f))throw new SyntaxError(`Malformed empty negated POSIX character class at index ${s}`);let p=z_.exec(f);if(p){let[,m,g]=p,w=I_.get(g);if(w===void 0)throw new SyntaxError(`Unsupported POSIX character class "${g}" at index ${s}`);if(r&&m&&(g==="lower"||g==="upper"))throw new SyntaxError(`Unsupported negated POSIX ${g} class inside an inline case-insensitive group`);m?ro(c,`[^${w}]`,s):pt(c,w,!0,s),s+=p[0].length;continue}if(q_.test(f))throw new SyntaxError(`Unsupported POSIX collating or equivalence bracket expression at index ${s}`);let h=ef(e,s,r,!1,o+1);ro(c,h.atom,s,h.contains_complex_set),d||=h.contains_nested_negated_complex_set||h.negated&&h.contains_complex_set,s=h.end;continue}if(l==="-"){let f=e[s+1]==="]"||e.startsWith("&&",s+1);c.tail==="set"&&!f&&Js(s),c.tail===null||c.tail==="range"||c.tail==="complete_range"||f?pt(c,"\\-"):(c.fragment+="-",c.tail="range"),++s;continue}pt(c,l==="^"&&c.fragment.length===0?"\\^":l),s+=l.length}throw new SyntaxError(`${u.length>1?"Unterminated character-class intersection":"Unterminated character class"} at index ${t}`)},K_=e=>{let t="",r=-1,n=!1,o=!1,s=[],i=a=>{r=t.length,t+=a,n=!1};for(let a=0;a<e.length;){let u=to(e,a);if(u==="\\"){let c=Jd.exec(e.slice(a));if(c){let[m,g,w]=c,_=m;if(g==="x"){let v=`\\u{${w}}`;_=o?Pd(w)??v:v}else w==="Word"&&(_=g==="p"?Ke:Vd);i(_),a+=m.length;continue}let d=Xd.exec(e.slice(a));if(d){let m=d[0],g=o&&m[1]!=="c"?Pd(m.slice(2))??m:m;i(g),a+=m.length;continue}if(a+1>=e.length){t+=u;break}let l=to(e,a+1);if(a+=1+l.length,l==="G")continue;let f=Gd.get(l);if(f!==void 0){i(f);continue}let p=L_.get(l),h;p!==void 0?h=p:/[A-Za-z0-9]/.test(l)?h=`\\${l}`:Hd.includes(l)?h=`\\${l}`:h=l,i(h);continue}switch(u){case"[":{let c=ef(e,a,o);i(c.atom),a=c.end;continue}case"]":i("\\]"),++a;continue;case".":i("[^\\n]"),++a;continue;case"^":i(N_),++a;continue;case"$":i(M_),++a;continue;case"(":{let c=e.startsWith("(?i:",a),d=c?"(?i:":j_.exec(e.slice(a))?.[0]??"(",l=c||d==="(?>"?"(?:":d;s.push([t.length,o]),c&&(o=!0),t+=l,n=!1,a+=d.length;continue}case")":t+=u,[r,o]=s.pop()??[-1,!1],n=!1,++a;continue;case"|":t+=u,r=-1,n=!1,++a;continue;case"{":{let c=B_.exec(e.slice(a));if(!c||r<0){i("\\{"),++a;continue}let d=c[1].startsWith(",")?`0${c[1]}`:c[1];a+=c[0].length;let l=e[a];l==="+"||l==="*"?(t=`${t.slice(0,r)}(?:${t.slice(r)}{${d}})${l}`,++a):t+=`{${d}}`,n=!0;continue}case"}":i("\\}"),++a;continue;case"+":if(n){++a;continue}t+=u,n=!0,++a;continue;case"*":case"?":t+=u,n=!0,++a;continue;default:i(o&&Yd(u)?`[${u.toLowerCase()}${u.toUpperCase()}]`:u),a+=u.length;continue}}return t},V_=e=>e.replace(/[.*+?^${}()|[\]\\]/g,"\\$&"),G_=(e,t,r)=>{let n=[],o=0;for(;o<e.length;){if(n.push(e[o]),(t.get(e[o])??r)!==r){++o;continue}for(;++o<e.length&&(t.get(e[o])??r)===r;)t.get(n.at(-1))!==r&&(n[n.length-1]+=e[o])}return n},H_=e=>e>=19968&&e<=40959||e>=13312&&e<=19903||e>=131072&&e<=173791||e>=173824&&e<=177983||e>=177984&&e<=178207||e>=178208&&e<=183983||e>=63744&&e<=64255||e>=194560&&e<=195103,J_=e=>Number.isInteger(e)||typeof e=="bigint",X_=e=>{let t=0;for(let r of e)++t;return t},Y_=e=>tf(e.toLowerCase()),qe=(...e)=>Array.prototype.concat.apply([],e),Xs=e=>new Map(Object.entries(e)),Z_=(e,t)=>{let r=[],n=0;for(let o of e.matchAll(t)){let s=o[0];n<o.index&&r.push(e.slice(n,o.index)),s.length>0&&r.push(s),n=o.index+s.length}return n<e.length&&r.push(e.slice(n)),r},tf=e=>e.replace(/\p{M}/gu,""),zd=(e,t,r=[])=>{if(!e||Array.isArray(e)||typeof e!="object")return`${t} must be a valid object`;for(let n of r)if(!(n in e))return`${t} must contain a "${n}" property`;return null},Q_=e=>e.match(/\S+/g)||[],ey=class{constructor(){let e=function(...t){return e._call(...t)};return Object.setPrototypeOf(e,new.target.prototype)}},Mr=ey,ty=class extends Mr{constructor(e){super(),this.config=e}_call(e){return this.normalize(e)}},tt=ty,ry=class extends tt{tokenize_chinese_chars(e){let t=[];for(let r=0;r<e.length;++r){let n=e[r],o=n.charCodeAt(0);H_(o)?(t.push(" "),t.push(n),t.push(" ")):t.push(n)}return t.join("")}strip_accents(e){return e.normalize("NFD").replace(/\p{Mn}/gu,"")}is_control(e){switch(e){case"	":case`
`:case"\r":return!1;default:return/^\p{Cc}|\p{Cf}|\p{Co}|\p{Cs}$/u.test(e)}}clean_text(e){let t=[];for(let r of e){let n=r.charCodeAt(0);n===0||n===65533||this.is_control(r)||(/^\s$/.test(r)?t.push(" "):t.push(r))}return t.join("")}normalize(e){return this.config.clean_text&&(e=this.clean_text(e)),this.config.handle_chinese_chars&&(e=this.tokenize_chinese_chars(e)),this.config.lowercase?(e=e.toLowerCase(),this.config.strip_accents!==!1&&(e=this.strip_accents(e))):this.config.strip_accents&&(e=this.strip_accents(e)),e}},ny=ry,oy=class extends tt{constructor(e){super(e),this.charsmap=e.precompiled_charsmap??null}normalize(e){return e=e.replace(/[\u0001-\u0008\u000B\u000E-\u001F\u007F\u008F\u009F]/gm,""),e=e.replace(/[\u0009\u000A\u000C\u000D\u00A0\u1680\u2000-\u200F\u2028\u2029\u202F\u205F\u2581\u3000\uFEFF\uFFFD]/gm," "),e.includes("\uFF5E")?e=e.split("\uFF5E").map(r=>r.normalize("NFKC")).join("\uFF5E"):e=e.normalize("NFKC"),e}},sy=oy,iy=class extends tt{constructor(e){super(e),this.normalizers=(e.normalizers??[]).map(t=>rf(t))}normalize(e){return this.normalizers.reduce((t,r)=>r?r.normalize(t):t,e)}},ay=iy,cy=class extends tt{constructor(e){super(e),this.pattern=oo(this.config.pattern??{})}normalize(e){return this.pattern===null?e:e.replaceAll(this.pattern,this.config.content??"")}},uy=cy,ly=class extends tt{constructor(){super(...arguments),this.form="NFC"}normalize(e){return e=e.normalize(this.form),e}},so=ly,dy=class extends so{constructor(){super(...arguments),this.form="NFC"}},fy=dy,py=class extends so{constructor(){super(...arguments),this.form="NFD"}},hy=py,my=class extends so{constructor(){super(...arguments),this.form="NFKC"}},gy=my,wy=class extends so{constructor(){super(...arguments),this.form="NFKD"}},_y=wy,yy=class extends tt{normalize(e){return this.config.strip_left&&this.config.strip_right?e=e.trim():(this.config.strip_left&&(e=e.trimStart()),this.config.strip_right&&(e=e.trimEnd())),e}},vy=yy,by=class extends tt{normalize(e){return tf(e)}},xy=by,$y=class extends tt{normalize(e){return e.toLowerCase()}},ky=$y,Ey=class extends tt{normalize(e){return e=this.config.prepend+e,e}},Sy=Ey;function Oy(e){if(e===null)return null;switch(e.type){case"BertNormalizer":return new ny(e);case"Precompiled":return new sy(e);case"Sequence":return new ay(e);case"Replace":return new uy(e);case"NFC":return new fy(e);case"NFD":return new hy(e);case"NFKC":return new gy(e);case"NFKD":return new _y(e);case"Strip":return new vy(e);case"StripAccents":return new xy(e);case"Lowercase":return new ky(e);case"Prepend":return new Sy(e);default:throw new Error(`Unknown Normalizer type: ${e.type}`)}}var rf=Oy,Ay=class extends Mr{pre_tokenize(e,t){return(Array.isArray(e)?e.map(r=>this.pre_tokenize_text(r,t)):this.pre_tokenize_text(e,t)).flat()}_call(e,t){return this.pre_tokenize(e,t)}},Ue=Ay,nf=(()=>{let e=[...Array.from({length:94},(o,s)=>s+33),...Array.from({length:12},(o,s)=>s+161),...Array.from({length:82},(o,s)=>s+174)],t=e.slice(),r=0;for(let o=0;o<256;++o)e.includes(o)||(e.push(o),t.push(256+r),r+=1);let n=t.map(o=>String.fromCharCode(o));return Object.fromEntries(e.map((o,s)=>[o,n[s]]))})(),Ty=e=>Object.fromEntries(Object.entries(e).map(([t,r])=>[r,t])),Cy=Ty(nf),no="\\p{P}\\u0021-\\u002F\\u003A-\\u0040\\u005B-\\u0060\\u007B-\\u007E",Ny=class extends Ue{constructor(e){super(),this.config=e,this.add_prefix_space=this.config.add_prefix_space??!1,this.trim_offsets=this.config.trim_offsets??!1,this.use_regex=this.config.use_regex??!0,this.pattern=/'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu,this.byte_encoder=nf,this.text_encoder=new TextEncoder}pre_tokenize_text(e,t){return this.add_prefix_space&&!e.startsWith(" ")&&(e=" "+e),(this.use_regex?e.match(this.pattern)||[]:[e]).map(n=>Array.from(this.text_encoder.encode(n),o=>this.byte_encoder[o]).join(""))}},My=Ny,Ly=class extends Ue{pre_tokenize_text(e,t){return e.match(/\w+|[^\w\s]+/g)||[]}},Ry=Ly,Py=class extends Ue{constructor(e){super(),this.replacement=e.replacement??"\u2581",this.str_rep=e.str_rep||this.replacement,this.prepend_scheme=e.prepend_scheme??"always"}pre_tokenize_text(e,t){let{section_index:r=void 0}=t??{},n=e.replaceAll(" ",this.str_rep);return!n.startsWith(this.replacement)&&(this.prepend_scheme==="always"||this.prepend_scheme==="first"&&r===0)&&(n=this.str_rep+n),[n]}},Iy=Py,jy=class extends Ue{constructor(e){super(),this.config=e,this.pattern=oo(this.config.pattern??{},this.config.invert??!0)}pre_tokenize_text(e){return this.pattern===null?[]:this.config.invert?(e.match(this.pattern)||[]).filter(t=>t):this.config.behavior?.toLowerCase()==="removed"?e.split(this.pattern).filter(t=>t):Z_(e,this.pattern)}},By=jy,zy=class extends Ue{constructor(e){super(),this.config=e,this.pattern=new RegExp(`[^${no}]+|[${no}]+`,"gu")}pre_tokenize_text(e){return e.match(this.pattern)||[]}},Dy=zy,qy=class extends Ue{constructor(e){super(),this.config=e;let t=`[^\\d]+|\\d${this.config.individual_digits?"":"+"}`;this.pattern=new RegExp(t,"gu")}pre_tokenize_text(e){return e.match(this.pattern)||[]}},Uy=qy,Wy=class extends Ue{constructor(){super(),this.pattern=new RegExp(`[^\\s${no}]+|[${no}]`,"gu")}pre_tokenize_text(e,t){return e.trim().match(this.pattern)||[]}},Fy=Wy,Ky=class extends Ue{constructor(e){super(),this.config=e,this.pattern=oo(this.config.pattern??{}),this.content=this.config.content??""}pre_tokenize_text(e){return this.pattern===null?[e]:[e.replaceAll(this.pattern,this.config.content??"")]}},Vy=Ky,Gy=class extends Ue{constructor(e){super(),this.tokenizers=(e.pretokenizers??[]).map(t=>of(t))}pre_tokenize_text(e,t){return this.tokenizers.reduce((r,n)=>n?n.pre_tokenize(r,t):r,[e])}},Hy=Gy,Jy=class extends Ue{pre_tokenize_text(e){return Q_(e)}},Xy=Jy,Yy=class extends Ue{constructor(e){super(),this.config=e,this._length=e.length}pre_tokenize_text(e){let t=[];for(let r=0;r<e.length;r+=this._length)t.push(e.slice(r,r+this._length));return t}},Zy=Yy;function Qy(e){if(e===null)return null;switch(e.type){case"BertPreTokenizer":return new Fy;case"Sequence":return new Hy(e);case"Whitespace":return new Ry;case"WhitespaceSplit":return new Xy;case"Metaspace":return new Iy(e);case"ByteLevel":return new My(e);case"Split":return new By(e);case"Punctuation":return new Dy(e);case"Digits":return new Uy(e);case"Replace":return new Vy(e);case"FixedLength":return new Zy(e);default:throw new Error(`Unknown PreTokenizer type: ${e.type}`)}}var of=Qy,ev=class extends Mr{constructor(e){super(),this.config=e,this.vocab=[],this.tokens_to_ids=new Map,this.unk_token_id=void 0,this.unk_token=void 0,this.end_of_word_suffix=void 0,this.fuse_unk=this.config.fuse_unk??!1}_call(e){let t=this.encode(e);return this.fuse_unk&&(t=G_(t,this.tokens_to_ids,this.unk_token_id)),t}},io=ev,tv=class extends io{constructor(e){super(e),this.max_input_chars_per_word=100,this.tokens_to_ids=Xs(e.vocab),this.unk_token_id=this.tokens_to_ids.get(e.unk_token),this.unk_token=e.unk_token,this.max_input_chars_per_word=e.max_input_chars_per_word??100,this.vocab=new Array(this.tokens_to_ids.size);for(let[t,r]of this.tokens_to_ids)this.vocab[r]=t}encode(e){let t=[];for(let r of e){let n=[...r];if(n.length>this.max_input_chars_per_word){t.push(this.unk_token);continue}let o=!1,s=0,i=[];for(;s<n.length;){let a=n.length,u=null;for(;s<a;){let c=n.slice(s,a).join("");if(s>0&&(c=this.config.continuing_subword_prefix+c),this.tokens_to_ids.has(c)){u=c;break}--a}if(u===null){o=!0;break}i.push(u),s=a}o?t.push(this.unk_token):t.push(...i)}return t}},Dd=tv,qd=class sf{constructor(t,r){this.is_leaf=t,this.children=r}static default(){return new sf(!1,new Map)}},rv=class{constructor(){this.root=qd.default()}extend(e){for(let t of e)this.push(t)}push(e){let t=this.root;for(let r of e){let n=t.children.get(r);n===void 0&&(n=qd.default(),t.children.set(r,n)),t=n}t.is_leaf=!0}*common_prefix_search(e,t=0){let r=this.root;if(r===void 0)return;let n="";for(let o=t;o<e.length;++o){let s=e[o];if(n+=s,r=r.children.get(s),r===void 0)return;r.is_leaf&&(yield n)}}},nv=rv,Gs=class af{constructor(t,r,n,o,s){this.token_id=t,this.node_id=r,this.pos=n,this.length=o,this.score=s,this.prev=null,this.backtrace_score=0}clone(){let t=new af(this.token_id,this.node_id,this.pos,this.length,this.score);return t.prev=this.prev,t.backtrace_score=this.backtrace_score,t}},ov=class{constructor(e,t,r){this.chars=Array.from(e),this.len=this.chars.length,this.bos_token_id=t,this.eos_token_id=r,this.nodes=[],this.begin_nodes=Array.from({length:this.len+1},()=>[]),this.end_nodes=Array.from({length:this.len+1},()=>[]);let n=new Gs(this.bos_token_id??0,0,0,0,0),o=new Gs(this.eos_token_id??0,1,this.len,0,0);this.nodes.push(n.clone()),this.nodes.push(o.clone()),this.begin_nodes[this.len].push(o),this.end_nodes[0].push(n)}insert(e,t,r,n){let o=this.nodes.length,s=new Gs(n,o,e,t,r);this.begin_nodes[e].push(s),this.end_nodes[e+t].push(s),this.nodes.push(s)}viterbi(){let e=this.len,t=0;for(;t<=e;){if(this.begin_nodes[t].length==0)return[];for(let i of this.begin_nodes[t]){i.prev=null;let a=0,u=null;for(let c of this.end_nodes[t]){let d=c.backtrace_score+i.score;(u===null||d>a)&&(u=c.clone(),a=d)}if(u!==null)i.prev=u,i.backtrace_score=a;else return[]}++t}let r=[],o=this.begin_nodes[e][0].prev;if(o===null)return[];let s=o.clone();for(;s.prev!==null;)r.push(s.clone()),s=s.clone().prev.clone();return r.reverse(),r}piece(e){return this.chars.slice(e.pos,e.pos+e.length).join("")}tokens(){return this.viterbi().map(t=>this.piece(t))}token_ids(){return this.viterbi().map(t=>t.token_id)}},sv=ov;function iv(e){if(e.length===0)throw new Error("Array must not be empty");let t=e[0],r=0;for(let n=1;n<e.length;++n)e[n]<t&&(t=e[n],r=n);return[t,r]}var av=class extends io{constructor(e,t){super(e);let r=e.vocab.length;this.vocab=new Array(r),this.scores=new Array(r);for(let n=0;n<r;++n)[this.vocab[n],this.scores[n]]=e.vocab[n];this.unk_token_id=e.unk_id,this.unk_token=this.vocab[e.unk_id],this.tokens_to_ids=new Map(this.vocab.map((n,o)=>[n,o])),this.bos_token=" ",this.bos_token_id=this.tokens_to_ids.get(this.bos_token),this.eos_token=t,this.eos_token_id=this.tokens_to_ids.get(this.eos_token),this.unk_token=this.vocab[this.unk_token_id],this.min_score=iv(this.scores)[0],this.unk_score=this.min_score-10,this.scores[this.unk_token_id]=this.unk_score,this.trie=new nv,this.trie.extend(this.vocab),this.fuse_unk=!0}populate_nodes(e){let t=e.chars,r=1,n=0;for(;n<t.length;){let o=!1,s=this.trie.common_prefix_search(t,n);for(let i of s){let a=this.tokens_to_ids.get(i),u=this.scores[a],c=X_(i);e.insert(n,c,u,a),!o&&c===r&&(o=!0)}o||e.insert(n,r,this.unk_score,this.unk_token_id),n+=r}}tokenize(e){let t=new sv(e,this.bos_token_id,this.eos_token_id);return this.populate_nodes(t),t.tokens()}encode(e){let t=[];for(let r of e){let n=this.tokenize(r);t.push(...n)}return t}},Ud=av,cv=class{constructor(e=(r,n)=>r>n,t=1/0){this._heap=[],this._comparator=e,this._max_size=t}get size(){return this._heap.length}is_empty(){return this.size===0}peek(){return this._heap[0]}push(...e){return this.extend(e)}extend(e){for(let t of e)if(this.size<this._max_size)this._heap.push(t),this._sift_up();else{let r=this._smallest();this._comparator(t,this._heap[r])&&(this._heap[r]=t,this._sift_up_from(r))}return this.size}pop(){let e=this.peek(),t=this.size-1;return t>0&&this._swap(0,t),this._heap.pop(),this._sift_down(),e}replace(e){let t=this.peek();return this._heap[0]=e,this._sift_down(),t}_parent(e){return(e+1>>>1)-1}_left(e){return(e<<1)+1}_right(e){return e+1<<1}_greater(e,t){return this._comparator(this._heap[e],this._heap[t])}_swap(e,t){let r=this._heap[e];this._heap[e]=this._heap[t],this._heap[t]=r}_sift_up(){this._sift_up_from(this.size-1)}_sift_up_from(e){for(;e>0&&this._greater(e,this._parent(e));)this._swap(e,this._parent(e)),e=this._parent(e)}_sift_down(){let e=0;for(;this._left(e)<this.size&&this._greater(this._left(e),e)||this._right(e)<this.size&&this._greater(this._right(e),e);){let t=this._right(e)<this.size&&this._greater(this._right(e),this._left(e))?this._right(e):this._left(e);this._swap(e,t),e=t}}_smallest(){return 2**Math.floor(Math.log2(this.size))-1}},uv=cv,lv=class{constructor(e){this.capacity=e,this.cache=new Map}get(e){if(!this.cache.has(e))return;let t=this.cache.get(e);return this.cache.delete(e),this.cache.set(e,t),t}put(e,t){this.cache.has(e)&&this.cache.delete(e),this.cache.set(e,t),this.cache.size>this.capacity&&this.cache.delete(this.cache.keys().next().value)}clear(){this.cache.clear()}},dv=lv,fv=class extends io{constructor(e){super(e),this.tokens_to_ids=Xs(e.vocab),this.unk_token_id=this.tokens_to_ids.get(e.unk_token),this.unk_token=e.unk_token,this.vocab=new Array(this.tokens_to_ids.size);for(let[r,n]of this.tokens_to_ids)this.vocab[n]=r;let t=Array.isArray(e.merges[0]);this.merges=t?e.merges:e.merges.map(r=>r.split(" ",2)),this.bpe_ranks=new Map(this.merges.map((r,n)=>[JSON.stringify(r),n])),this.end_of_word_suffix=e.end_of_word_suffix,this.continuing_subword_suffix=e.continuing_subword_suffix??null,this.byte_fallback=this.config.byte_fallback??!1,this.byte_fallback&&(this.text_encoder=new TextEncoder),this.ignore_merges=this.config.ignore_merges??!1,this.max_length_to_cache=256,this.cache_capacity=1e4,this.cache=new dv(this.cache_capacity)}clear_cache(){this.cache.clear()}bpe(e){if(e.length===0)return[];let t=this.cache.get(e);if(t!==void 0)return t;let r=Array.from(e);this.end_of_word_suffix&&(r[r.length-1]+=this.end_of_word_suffix);let n=[];if(r.length>1){let o=new uv((a,u)=>a.score<u.score),s={token:r[0],bias:0,prev:null,next:null},i=s;for(let a=1;a<r.length;++a){let u={bias:a/r.length,token:r[a],prev:i,next:null};i.next=u,this.add_node(o,i),i=u}for(;!o.is_empty();){let a=o.pop();if(a.deleted||!a.next||a.next.deleted)continue;if(a.deleted=!0,a.next.deleted=!0,a.prev){let c={...a.prev};a.prev.deleted=!0,a.prev=c,c.prev?c.prev.next=c:s=c}let u={token:a.token+a.next.token,bias:a.bias,prev:a.prev,next:a.next.next};u.prev?(u.prev.next=u,this.add_node(o,u.prev)):s=u,u.next&&(u.next.prev=u,this.add_node(o,u))}for(let a=s;a!==null;a=a.next)n.push(a.token)}else n=r;if(this.continuing_subword_suffix)for(let o=0;o<n.length-1;++o)n[o]+=this.continuing_subword_suffix;return e.length<this.max_length_to_cache&&this.cache.put(e,n),n}add_node(e,t){let r=this.bpe_ranks.get(JSON.stringify([t.token,t.next.token]));r!==void 0&&(t.score=r+t.bias,e.push(t))}encode(e){let t=[];for(let r of e){if(this.ignore_merges&&this.tokens_to_ids.has(r)){t.push(r);continue}let n=this.bpe(r);for(let o of n)if(this.tokens_to_ids.has(o))t.push(o);else if(this.byte_fallback){let s=Array.from(this.text_encoder.encode(o)).map(i=>`<0x${i.toString(16).toUpperCase().padStart(2,"0")}>`);s.every(i=>this.tokens_to_ids.has(i))?t.push(...s):this.unk_token!=null&&t.push(this.unk_token)}else this.unk_token!=null&&t.push(this.unk_token)}return t}},Wd=fv,pv=class extends io{constructor(e,t){super(e);let r=e.vocab;this.tokens_to_ids=Xs(t.target_lang?r[t.target_lang]:r),this.bos_token=t.bos_token,this.bos_token_id=this.tokens_to_ids.get(this.bos_token),this.eos_token=t.eos_token,this.eos_token_id=this.tokens_to_ids.get(this.eos_token),this.pad_token=t.pad_token,this.pad_token_id=this.tokens_to_ids.get(this.pad_token),this.unk_token=t.unk_token,this.unk_token_id=this.tokens_to_ids.get(this.unk_token),this.vocab=new Array(this.tokens_to_ids.size);for(let[n,o]of this.tokens_to_ids)this.vocab[o]=n}encode(e){return e}},hv=pv;function mv(e,t){switch(e.type){case"WordPiece":return new Dd(e);case"Unigram":return new Ud(e,t.eos_token);case"BPE":return new Wd(e);default:if(e.vocab)return Array.isArray(e.vocab)?new Ud(e,t.eos_token):Object.hasOwn(e,"continuing_subword_prefix")&&Object.hasOwn(e,"unk_token")?Object.hasOwn(e,"merges")?new Wd(e):new Dd(e):new hv(e,{target_lang:t.target_lang,bos_token:t.bos_token,eos_token:t.eos_token,pad_token:t.pad_token,unk_token:t.unk_token});throw new Error(`Unknown TokenizerModel type: ${e?.type}`)}}var gv=mv,wv=class extends Mr{constructor(e){super(),this.config=e}_call(e,...t){return this.post_process(e,...t)}},Lr=wv,_v=class extends Lr{post_process(e,t=null,r=!0){let n=t===null?this.config.single:this.config.pair,o=[],s=[];for(let i of n)"SpecialToken"in i?r&&(o.push(i.SpecialToken.id),s.push(i.SpecialToken.type_id)):"Sequence"in i&&(i.Sequence.id==="A"?(o=qe(o,e),s=qe(s,new Array(e.length).fill(i.Sequence.type_id))):i.Sequence.id==="B"&&(o=qe(o,t),s=qe(s,new Array(t.length).fill(i.Sequence.type_id))));return{tokens:o,token_type_ids:s}}},yv=_v,vv=class extends Lr{post_process(e,t=null){return{tokens:e,tokens_pair:t}}},bv=vv,xv=class extends Lr{constructor(e){super(e),this.sep=e.sep,this.cls=e.cls}post_process(e,t=null,r=!0){r&&(e=qe([this.cls[0]],e,[this.sep[0]]));let n=new Array(e.length).fill(0);if(t){let o=[],s=r?[this.sep[0]]:[];e=qe(e,o,t,s),n=qe(n,new Array(t.length+o.length+s.length).fill(1))}return{tokens:e,token_type_ids:n}}},$v=xv,kv=class extends Lr{constructor(e){super(e),this.sep=e.sep,this.cls=e.cls}post_process(e,t,r=!0){r&&(e=qe([this.cls[0]],e,[this.sep[0]]));let n=new Array(e.length).fill(0);if(t){let o=r?[this.sep[0]]:[],s=r?[this.sep[0]]:[];e=qe(e,o,t,s),n=qe(n,new Array(t.length+o.length+s.length).fill(1))}return{tokens:e,token_type_ids:n}}},Ev=kv,Sv=class extends Lr{constructor(e){super(e),this.processors=(e.processors??[]).map(t=>cf(t))}post_process(e,t=null,r=!0){let n={tokens:e,tokens_pair:t};for(let o of this.processors)n=o.post_process(n.tokens,n.tokens_pair,r);return n}},Ov=Sv;function Av(e){if(e===null)return null;switch(e.type){case"TemplateProcessing":return new yv(e);case"ByteLevel":return new bv(e);case"BertProcessing":return new $v(e);case"RobertaProcessing":return new Ev(e);case"Sequence":return new Ov(e);default:throw new Error(`Unknown PostProcessor type: ${e.type}`)}}var cf=Av,Tv=class extends Mr{constructor(e){super(),this.config=e,this.added_tokens=[],this.end_of_word_suffix=null,this.trim_offsets="trim_offsets"in e?e.trim_offsets:!1}_call(e){return this.decode(e)}decode(e){return this.decode_chain(e).join("")}},Ve=Tv,Cv=class extends Ve{constructor(e){super(e),this.byte_decoder=Cy,this.text_decoder=new TextDecoder("utf-8",{fatal:!1,ignoreBOM:!0}),this.end_of_word_suffix=null}convert_tokens_to_string(e){let t=e.join(""),r=new Uint8Array([...t].map(n=>this.byte_decoder[n]));return this.text_decoder.decode(r)}decode_chain(e){let t=[],r=[];for(let n of e)this.added_tokens.find(o=>o.content===n)!==void 0?(r.length>0&&(t.push(this.convert_tokens_to_string(r)),r=[]),t.push(n)):r.push(n);return r.length>0&&t.push(this.convert_tokens_to_string(r)),t}},Nv=Cv,Mv=class extends Ve{constructor(e){super(e),this.cleanup=e.cleanup}decode_chain(e){return e.map((t,r)=>{if(r!==0){let n=this.config.prefix;n&&t.startsWith(n)?t=t.replace(n,""):t=" "+t}return this.cleanup&&(t=Hs(t)),t})}},Lv=Mv,Rv=class extends Ve{constructor(e){super(e),this.replacement=e.replacement??"\u2581"}decode_chain(e){let t=[];for(let r=0;r<e.length;++r){let n=e[r].replaceAll(this.replacement," ");r==0&&n.startsWith(" ")&&(n=n.substring(1)),t.push(n)}return t}},Pv=Rv,Iv=class extends Ve{constructor(e){super(e),this.suffix=e.suffix??""}decode_chain(e){return e.map((t,r)=>t.replaceAll(this.suffix,r===e.length-1?"":" "))}},jv=Iv,Bv=class extends Ve{constructor(e){super(e),this.pad_token=e.pad_token??"",this.word_delimiter_token=e.word_delimiter_token??"",this.cleanup=e.cleanup}convert_tokens_to_string(e){if(e.length===0)return"";let t=[e[0]];for(let o=1;o<e.length;++o)e[o]!==t.at(-1)&&t.push(e[o]);let n=t.filter(o=>o!==this.pad_token).join("");return this.cleanup&&(n=Hs(n).replaceAll(this.word_delimiter_token," ").trim()),n}decode_chain(e){return[this.convert_tokens_to_string(e)]}},zv=Bv,Dv=class extends Ve{constructor(e){super(e),this.decoders=(e.decoders??[]).map(t=>uf(t))}decode_chain(e){return this.decoders.reduce((t,r)=>r.decode_chain(t),e)}},qv=Dv,Uv=class extends Ve{constructor(e){super(e),this.pattern=oo(this.config.pattern)}decode_chain(e){let t=this.config.content??"",r=this.pattern;return r===null?e:e.map(n=>n.replaceAll(r,t))}},Wv=Uv,Fv=class extends Ve{decode_chain(e){return[e.join("")]}},Kv=Fv,Vv=class extends Ve{constructor(e){super(e),this.content=e.content??"",this.start=e.start??0,this.stop=e.stop??0}decode_chain(e){return e.map(t=>{let r=0;for(let o=0;o<this.start&&t[o]===this.content;++o){r=o+1;continue}let n=t.length;for(let o=0;o<this.stop;++o){let s=t.length-o-1;if(t[s]===this.content){n=s;continue}else break}return t.slice(r,n)})}},Gv=Vv,Hv=class extends Ve{constructor(e){super(e),this.text_decoder=new TextDecoder}decode_chain(e){let t=[],r=[];for(let n of e){let o=null;if(n.length===6&&n.startsWith("<0x")&&n.endsWith(">")){let s=parseInt(n.slice(3,5),16);isNaN(s)||(o=s)}if(o!==null)r.push(o);else{if(r.length>0){let s=this.text_decoder.decode(Uint8Array.from(r));t.push(s),r=[]}t.push(n)}}if(r.length>0){let n=this.text_decoder.decode(Uint8Array.from(r));t.push(n),r=[]}return t}},Jv=Hv;function Xv(e){if(e===null)return null;switch(e.type){case"ByteLevel":return new Nv(e);case"WordPiece":return new Lv(e);case"Metaspace":return new Pv(e);case"BPEDecoder":return new jv(e);case"CTC":return new zv(e);case"Sequence":return new qv(e);case"Replace":return new Wv(e);case"Fuse":return new Kv(e);case"Strip":return new Gv(e);case"ByteFallback":return new Jv(e);default:throw new Error(`Unknown Decoder type: ${e.type}`)}}var uf=Xv,Yv=class{constructor(e,t){let r=zd(e,"Tokenizer",["model","decoder","post_processor","pre_tokenizer","normalizer"]);if(r)throw new Error(r);let n=zd(t,"Config");if(n)throw new Error(n);this.tokenizer=e,this.config=t,this.normalizer=rf(this.tokenizer.normalizer),this.pre_tokenizer=of(this.tokenizer.pre_tokenizer),this.model=gv(this.tokenizer.model,this.config),this.post_processor=cf(this.tokenizer.post_processor),this.decoder=uf(this.tokenizer.decoder),this.special_tokens=[],this.all_special_ids=[],this.added_tokens=[];let o=[],s=[];this.added_tokens_map=new Map;for(let i of this.tokenizer.added_tokens){let a=new A_(i);if(this.added_tokens.push(a),this.model.tokens_to_ids.set(a.content,a.id),this.model.vocab[a.id]=a.content,a.special&&(this.special_tokens.push(a.content),this.all_special_ids.push(a.id)),this.added_tokens_map.set(a.content,a),a.normalized&&this.normalizer!==null){let u=this.normalizer(a.content);s.push(u),this.added_tokens_map.set(u,a)}else o.push(a.content)}(this.config.additional_special_tokens??[]).forEach(i=>{this.special_tokens.includes(i)||this.special_tokens.push(i)}),this.decoder&&(this.decoder.added_tokens=this.added_tokens,this.decoder.end_of_word_suffix=this.model.end_of_word_suffix),this.splitter_unnormalized=new Rd(o),this.splitter_normalized=new Rd(s),this.remove_space=this.config.remove_space,this.clean_up_tokenization_spaces=this.config.clean_up_tokenization_spaces??!0,this.do_lowercase_and_remove_accent=this.config.do_lowercase_and_remove_accent??!1}encode(e,{text_pair:t=null,add_special_tokens:r=!0,return_token_type_ids:n=null}={}){let{tokens:o,token_type_ids:s}=this.tokenize_helper(e,{text_pair:t,add_special_tokens:r}),i=o.map(u=>this.added_tokens_map.get(u)?.id??this.model.tokens_to_ids.get(u)??this.model.unk_token_id),a={ids:i,tokens:o,attention_mask:new Array(i.length).fill(1)};return n&&s&&(a.token_type_ids=s),a}decode(e,t={}){if(!Array.isArray(e)||e.length===0||!J_(e[0]))throw Error("token_ids must be a non-empty array of integers.");let r=e.map(o=>this.model.vocab[Number(o)]??this.model.unk_token);t.skip_special_tokens&&(r=r.filter(o=>!this.special_tokens.includes(o)));let n=this.decoder?this.decoder(r):r.join(" ");return this.decoder&&this.decoder.end_of_word_suffix&&(n=n.replaceAll(this.decoder.end_of_word_suffix," "),t.skip_special_tokens&&(n=n.trim())),(t.clean_up_tokenization_spaces??this.clean_up_tokenization_spaces)&&(n=Hs(n)),n}tokenize(e,{text_pair:t=null,add_special_tokens:r=!1}={}){return this.tokenize_helper(e,{text_pair:t,add_special_tokens:r}).tokens}encode_text(e){if(e===null)return null;let t=this.splitter_unnormalized.split(e);return t.forEach((r,n)=>{let o=this.added_tokens_map.get(r);o&&(o.lstrip&&n>0&&(t[n-1]=t[n-1].trimEnd()),o.rstrip&&n<t.length-1&&(t[n+1]=t[n+1].trimStart()))}),t.flatMap((r,n)=>{if(r.length===0)return[];if(this.added_tokens_map.has(r))return[r];if(this.remove_space===!0&&(r=r.trim().split(/\s+/).join(" ")),this.do_lowercase_and_remove_accent&&(r=Y_(r)),this.normalizer!==null&&(r=this.normalizer(r)),r.length===0)return[];let o=this.splitter_normalized.split(r);return o.forEach((s,i)=>{let a=this.added_tokens_map.get(s);a&&(a.lstrip&&i>0&&(o[i-1]=o[i-1].trimEnd()),a.rstrip&&i<o.length-1&&(o[i+1]=o[i+1].trimStart()))}),o.flatMap(s=>{if(s.length===0)return[];if(this.added_tokens_map.has(s))return[s];let i=this.pre_tokenizer!==null?this.pre_tokenizer(s,{section_index:n}):[s];return this.model(i)})})}tokenize_helper(e,{text_pair:t=null,add_special_tokens:r=!0}){let n=this.encode_text(e),o=this.encode_text(t||null);return this.post_processor?this.post_processor(n,o,r):{tokens:qe(n??[],o??[])}}token_to_id(e){return this.model.tokens_to_ids.get(e)}id_to_token(e){return this.model.vocab[e]}get_added_tokens_decoder(){let e=new Map;for(let t of this.added_tokens)e.set(t.id,t);return e}get_vocab(e=!0){let t=new Map;for(let r=0;r<this.model.vocab.length;++r){let n=this.model.vocab[r];(e||!this.added_tokens_map.has(n))&&t.set(n,r)}return t}},Ys=Yv;var Zs=1<<22;function lf(e){let t=r=>{if(r===null)return;for(let i of r.normalizers??[])t(i);let{pattern:n,config:{type:o,content:s=""}={}}=r;o!=="Replace"||!n||(r.normalize=i=>{if(i.length*(1+s.length)+s.length<=Zs&&!s.includes("$"))return i.replaceAll(n,s);let u=i.length;return i.replaceAll(n,c=>{if(u+=s.length-c.length,u>Math.max(i.length,Zs))throw new $(`tokenizer.json: normalizer: expected texts of at most ${Zs} characters, found that it makes a longer one by writing ${JSON.stringify(s.slice(0,40))} over and over; use the model's own file`);return s})})};t(e)}var Zv=new TextEncoder,Qv=Array.from({length:256},(e,t)=>`<0x${t.toString(16).toUpperCase().padStart(2,"0")}>`);function df(e){let{vocab:t,byte_fallback:r}=e.config;if(!Array.isArray(t)||r!==!0)return;let n=e._call.bind(e);e._call=o=>n(o).flatMap(s=>{if(e.tokens_to_ids.has(s))return[s];let i=Array.from(Zv.encode(s),a=>Qv[a]);return i.every(a=>e.tokens_to_ids.has(a))?i:[s]})}var mf=new TextEncoder;function gf(e){let t=new Map(e.added.map(s=>[s.content,s])),n=e.added.map(({content:s})=>s).filter(s=>s!=="").sort((s,i)=>i.length-s.length).map(eb).join("|")||"(?!)",o=new RegExp(n,"gu");return({text:s,literal:i,trained:a})=>{let u=[],c=[],d=(p,h)=>a.some(([m,g])=>p<g&&h>m)?1:0,l=(p,h)=>{h>p&&rb(e,s.slice(p,h),p,a,u,c)},f=o.lastIndex=0;for(let p=o.exec(s);p!==null;p=o.exec(s)){let h=t.get(p[0]),m=p.index,g=m+p[0].length;if(i.has(m)||h.single_word&&!tb(s,m,g))continue;let w=h.lstrip?f+s.slice(f,m).trimEnd().length:m,_=h.rstrip?g+/^\s*/.exec(s.slice(g))[0].length:g;l(f,w),u.push(h.id),c.push(d(w,_)),f=o.lastIndex=_}return l(f,s.length),{ids:u,mask:c}}}function eb(e){return e.replace(/[\\^$.*+?()[\]{}|/]/g,"\\$&")}function tb(e,t,r){return!/[\p{L}\p{N}_]$/u.test(e.slice(0,t))&&!/^[\p{L}\p{N}_]/u.test(e.slice(r))}function rb(e,t,r,n,o,s){let i=e.normalise(t),a=e.cut(i,r===0),u=n.filter(([l,f])=>l<r+t.length&&f>r),c=u.length>0?nb(e,i,a):void 0,d=u.map(([l,f])=>[ff(e,t,i,c.shift,l-r),ff(e,t,i,c.shift,f-r)]);a.forEach((l,f)=>{let p=e.tokens(l);for(let h=0;h<p.ids.length;h++){if(o.push(p.ids[h]),c===void 0){s.push(0);continue}let m=c.at[f]+p.from[h],g=c.at[f]+p.to[h];s.push(d.some(([w,_])=>m<_&&g>w)?1:0)}})}function ff(e,t,r,n,o){if(o<0)return-1;if(o>=t.length)return 1/0;let s=o===0?e.prefix:e.normalise(t.slice(0,o));return n+(e.bytes?wf(pf(s,r)):pf(s,r).length)}function pf(e,t){if(t.startsWith(e))return e;let r=0;for(;r<e.length&&e[r]===t[r];)r++;return e.slice(0,r)}function wf(e){return mf.encode(e).length}function nb(e,t,r){let n=()=>new $("tokenizer.json: expected a pre-tokenizer that keeps the text as it is, found one after which the places of tokens are not known; what is trained cannot be told from the rest"),o=[];if(e.bytes){let c=0;for(let l of r)o.push(c),c+=l.length;let d=c-wf(t);if(d!==0&&d!==1)throw n();return{at:o,shift:d}}let s=c=>c.replaceAll("\u2581"," "),i=r.length>0&&s(t).startsWith(s(r[0]))?0:r[0]?.startsWith("\u2581")?1:0,a=" ".repeat(i)+s(t),u=0;for(let c of r){let d=a.indexOf(s(c),u);if(d<0||a.slice(u,d).trim()!=="")throw n();o.push(d),u=d+c.length}return{at:o,shift:i}}function _f(e,t,{unknown:r,continuing:n=""}){let o=[],s=[],i=0,a=[],u=0;for(let[c,d]of t.entries()){let l=-1,f=/^<0x([0-9A-F]{2})>$/.exec(d);if(a.length===0&&e.startsWith(d,i))l=d.length;else if(a.length===0&&c>0&&n!==""&&d.startsWith(n)){let p=d.slice(n.length);e.startsWith(p,i)&&(l=p.length)}if(l<0&&f!==null&&i<e.length){if(a.length===0){let p=String.fromCodePoint(e.codePointAt(i));u=p.length,a=[...mf.encode(p)]}if(a.shift()===parseInt(f[1],16)){o.push(i),s.push(i+u),a.length===0&&(i+=u);continue}}if(l<0&&d===r&&i<e.length&&(l=t.length===1?e.length:String.fromCodePoint(e.codePointAt(i)).length),l<0)throw hf(e,t);o.push(i),s.push(i+=l)}if(i!==e.length||a.length>0)throw hf(e,t);return{from:o,to:s}}function hf(e,t){return new $(`tokenizer.json: expected tokens that spell ${JSON.stringify(e)}, found ${JSON.stringify(t)}; what is trained cannot be told from the rest`)}var yf=(1<<24)-1,ob=5e4;function vf(e){let t;try{t=typeof e=="string"?JSON.parse(e):e}catch(g){throw new $(`tokenizer.json: expected JSON, found ${g.message}`)}if(typeof t?.model?.vocab!="object"||t.model.vocab===null)throw new $("tokenizer.json: expected a model with a vocabulary, found none; export it with `tokenizers`");ab(t);let r=new Map;for(let g of t.added_tokens??[])g.special&&r.set(g.content,g.id);let n,o,s=new Map;try{let g=new Ys(bf(t),{clean_up_tokenization_spaces:!1});for(let[w,_]of g.get_vocab())w!==void 0&&s.set(w,_);o=ib(g),n=new Ys(cb(t,r),{clean_up_tokenization_spaces:!1})}catch(g){throw new $(`tokenizer.json: cannot be read by @huggingface/tokenizers: ${g.message}`)}if(n.model===null)throw new $("tokenizer.json: expected a model, found none");let i=n.model;df(i),lf(n.normalizer);let a=(t.added_tokens??[]).some(g=>!r.has(g.content)),u=new Map([...r].map(([g,w])=>[w,g])),c=0;for(let g of s.values())c=Math.max(c,g+1);let d=new Map,l={unknown:sb(t),continuing:t.model.continuing_subword_prefix??void 0},f=g=>{let w=d.get(g);if(w!==void 0)return w;let _={ids:[],tokens:[]};for(let v of i([g])){let O=i.tokens_to_ids.get(v)??i.unk_token_id;O!==void 0&&(_.ids.push(O),_.tokens.push(v))}return d.size>=ob&&d.clear(),d.set(g,_),_},p=g=>n.normalizer===null?g:n.normalizer(g),h=(g,w)=>n.pre_tokenizer===null?[g]:n.pre_tokenizer(g,{section_index:w}),m=gf({added:t.added_tokens??[],normalise:p,prefix:Qs(t.normalizer,"Prepend")?p(""):"",cut:(g,w)=>h(g,w?0:1),bytes:Qs(t.pre_tokenizer,"ByteLevel"),tokens(g){let w=f(g);return w.places??=_f(g,w.tokens,l),{ids:w.ids,...w.places}}});return{vocabSize:c,encode(g){return g===""?[]:a?n.encode(g,{add_special_tokens:!1}).ids:h(p(g),0).flatMap(w=>f(w).ids)},decode(g){let w=[];for(let _ of g)_>=0&&_<c&&!u.has(_)&&w.push(_);return w.length===0?"":n.decode(w)},id:g=>s.get(g),special:g=>u.get(g),specials:[...r.keys()],around:o,encodeRendered:m}}function Qs(e,t){if(typeof e!="object"||e===null)return!1;let{type:r,normalizers:n,pretokenizers:o}=e;return r===t||[n,o].some(s=>Array.isArray(s)&&s.some(i=>Qs(i,t)))}function sb({model:{vocab:e,unk_token:t,unk_id:r}}){return t??(Array.isArray(e)&&typeof r=="number"?e[r]?.[0]:void 0)}function ib(e){let t="\u{10FFFF}",r=e.post_processor===null?[t]:e.post_processor([t],null,!0).tokens,n=r.indexOf(t),o=s=>s.map(i=>e.token_to_id(i)).filter(i=>i!==void 0);return n<0?{before:[],after:[]}:{before:o(r.slice(0,n)),after:o(r.slice(n+1))}}function ab({model:{vocab:e},added_tokens:t}){let r=t??[],n=(o,s)=>{if(!(Number.isInteger(s)&&s>=0&&s<=yf))throw new $(`tokenizer.json: expected an id from 0 to ${yf} for ${JSON.stringify(o)}, found ${JSON.stringify(s)}`)};if(!Array.isArray(e))for(let[o,s]of Object.entries(e))n(o,s);if(!Array.isArray(r))throw new $(`tokenizer.json: added_tokens: expected a list, found ${JSON.stringify(r)?.slice(0,99)}`);for(let o of r){if(typeof o?.content!="string")throw new $(`tokenizer.json: added_tokens: expected tokens with a content, found ${JSON.stringify(o)?.slice(0,99)}`);n(o.content,o.id)}}function bf(e){return{normalizer:null,pre_tokenizer:null,post_processor:null,decoder:null,added_tokens:[],...e}}function cb(e,t){let r=e.model.vocab,n=o=>t.has(o)&&o!==e.model.unk_token;return{...bf(e),added_tokens:(e.added_tokens??[]).filter(o=>!t.has(o.content)),model:{...e.model,vocab:Array.isArray(r)?r.map(([o,s],i)=>[n(o)?`\u{10FFFF}${i}`:o,s]):Object.fromEntries(Object.entries(r).filter(([o])=>!n(o)))}}}var ei={temperature:1,topK:50,topP:1},ub=new Set(["bos_token_id","pad_token_id","decoder_start_token_id","eos_token_id","use_cache","cache_implementation","do_sample","temperature","top_k","top_p","repetition_penalty","max_new_tokens","max_length","output_attentions","output_hidden_states","output_scores","output_logits","return_dict_in_generate","cache_config","compile_config","disable_compile","max_cache_len","low_memory","prefill_chunk_size","early_stopping","length_penalty","remove_invalid_values","renormalize_logits","diversity_penalty"]),lb=2**31-1,xf={num_beams:1,num_beam_groups:1,num_return_sequences:1,typical_p:1,epsilon_cutoff:0,eta_cutoff:0,encoder_repetition_penalty:1,guidance_scale:1,penalty_alpha:0,min_p:0};function db(e,t){return t===null||t===!1||ub.has(e)||e.startsWith("_")||e.endsWith("_version")||/assistant|lookbehind|lookup/.test(e)?!0:e in xf?t===xf[e]:t===0||Array.isArray(t)&&t.length===0}function $f(e){let t="generation_config.json";if(e!==void 0&&(typeof e!="object"||e===null||Array.isArray(e)))throw new $(`${t}: expected a JSON object, found ${JSON.stringify(e)}`);let r=e??{},n=(d,l,f,p)=>{let h=r[d]??l;if(typeof h=="number"&&f(h))return h;throw new $(`${t}: expected ${d} to be ${p}, found ${JSON.stringify(h)}`)},o=d=>l=>Number.isSafeInteger(l)&&l>=d,s=r.do_sample===!0,i=n("temperature",ei.temperature,d=>d>=0,"a number of at least 0"),a=n("top_k",ei.topK,o(0),"a whole number of at least 0"),u=n("top_p",ei.topP,d=>d>=0&&d<=1,"a number between 0 and 1"),c=n("max_new_tokens",1,o(1),"a whole number of at least 1");return{stops:ao(r.eos_token_id,`${t}: eos_token_id`),defaults:{...s?{temperature:i,topK:a,topP:u}:{temperature:0,topK:0,topP:1},repetitionPenalty:n("repetition_penalty",1,d=>d>0,"a number above 0"),maxNewTokens:r.max_new_tokens===void 0||r.max_new_tokens===null?void 0:c},ignored:Object.entries(r).filter(([d,l])=>!db(d,l)).map(([d,l])=>`${d} ${JSON.stringify(l)}`)}}function ao(e,t){if(e==null)return[];let r=Array.isArray(e)?e:[e];if(r.every(n=>typeof n=="number"&&Number.isInteger(n)&&n>=0&&n<=lb))return[...new Set(r)];throw new $(`${t}: expected a token id or a list of them, found ${JSON.stringify(e)}`)}var kf="generation_config.json";async function ni({folder:e,files:t,weights:r},n={}){let o=Ef(t,"config.json",e),s=await Rr(e,()=>vf(ri(t,"tokenizer.json"))),i=t.has(kf)?Ef(t,kf,e):void 0,a=await Rr(e,()=>$f(i)),u=await Rr(e,()=>Ld(t,o,s,Wt(mn(o)))),c=await Rr(e,()=>fb(a,o,u)),d=c.find(m=>s.special(m)!==void 0),l=d===void 0?u:Vl(u,{id:d,text:s.special(d)}),f=await Rr(e,()=>Kl(t,o,n)),p=new Map([...[...t].filter(([m])=>m!=="config.json"),...f.files()]);pb(e,o,s,f,l);let h=ri(t,"config.json");return{folder:e,files:t,weights:r,companions:p,config:o,configText:h,tokenizer:s,processor:f,format:l,stops:c,generation:a}}async function Rr(e,t){try{return await t()}catch(r){throw r instanceof $?new $(`checkpoint ${e}: ${r.message}`):r}}function fb({stops:e},t,r){let n=[e,ao(t.eos_token_id,"config.json: eos_token_id"),ao(ti(t,"text_config","eos_token_id"),"config.json: text_config.eos_token_id")].find(s=>s.length>0)??[],o=new Set([...n,...r.stops]);if(o.size>0)return[...o];throw new $(`expected a token that ends an answer: eos_token_id in generation_config.json, or one in ${r.name}; found neither. Add eos_token_id to generation_config.json`)}function pb(e,t,r,n,o){let s=[["vision_config.image_size",ti(t,"vision_config","image_size"),"the settings of its pictures",n.size],["the image's token",t.image_token_id??t.image_token_index,"tokenizer.json, the id of the image's token",o.imageId]];for(let[a,u,c,d]of s)if(!(typeof u!="number"||u===d))throw new $(`checkpoint ${e}: expected files of one model, but config.json has ${a} ${u}, and ${c}: ${d??"none"}. Bring back the files that were saved together`);let i=ti(t,"text_config","vocab_size");if(typeof i=="number"&&r.vocabSize>i)throw new $(`checkpoint ${e}: expected a tokenizer of at most ${i} tokens (vocab_size in config.json), found ${r.vocabSize} in tokenizer.json. Bring back the files that were saved together`)}function ti(e,t,r){let n=e[t];return typeof n=="object"&&n!==null?n[r]:void 0}function ri(e,t){return new TextDecoder().decode(e.get(t))}function Ef(e,t,r){try{let n=JSON.parse(ri(e,t));if(typeof n=="object"&&n!==null&&!Array.isArray(n))return n;throw new Error(Array.isArray(n)?"a list":`${n}`)}catch(n){let o=n instanceof Error?n.message:String(n);throw new $(`${r}/${t}: expected a JSON object, found: ${o}`)}}var Sf=["tokenizer.json","preprocessor_config.json","generation_config.json","tokenizer_config.json","special_tokens_map.json","processor_config.json","chat_template.jinja","chat_template.json","video_preprocessor_config.json","added_tokens.json","vocab.json","merges.txt","tokenizer.model"];function Of(e,t=""){return e.map(({name:r,size:n},o)=>({name:r,size:n,slice:(s,i)=>({arrayBuffer:()=>hb(`${t}model/${o}/${s}-${i}`)})}))}async function hb(e){let t=await fetch(e);if(t.ok)return await t.arrayBuffer();throw new fe(`expected a piece of the model from its server, found: ${await t.text()}`)}async function Af({texts:e,weights:t,models:r,served:n}){let o=new TextEncoder,s=t.map((a,u)=>ps(`weights ${u+1}`,Uint8Array.fromBase64(a))),i=await Promise.all(r.map(async({name:a,files:u,weights:c,adapter:d})=>{let l=await ni({folder:a,files:new Map(Object.entries(u).map(([f,p])=>[f,o.encode(e[p])])),weights:c.map(f=>s[f])});return{name:a,checkpoint:d===void 0?l:{...l,adapter:{config:e[d.config],weights:s[d.weights]}}}}));return n===void 0?i:[...i,{name:n.name,checkpoint:await oi(Of(n.files))}]}var co="adapter_config.json",uo="adapter_model.safetensors";async function oi(e){let t=new Map(e.map(f=>[f.name,f])),r=new Map;for(let f of["config.json",...Sf]){let p=t.get(f);p!==void 0&&r.set(f,await lo(p,0,p.size))}let n=t.has(co)||t.has(uo);if(n&&!r.has("config.json"))throw new $(`expected a model, found a LoRA adapter alone: choose the files of the model that it adapts (config.json, tokenizer.json, model.safetensors and so on) together with ${co} and ${uo}`);let o=["config.json","tokenizer.json"].find(f=>!r.has(f));if(o!==void 0)throw new $(`expected the files of a checkpoint's folder, found no ${o} among ${e.length}; choose all of them together`);let s=await Zu(new Set(t.keys()),async()=>{let f=t.get(Ye);return new TextDecoder().decode(await lo(f,0,f.size))}),i=f=>({name:f.name,size:f.size,read:(p,h)=>lo(f,p,h)}),a=s.map(f=>i(t.get(f))),u=await ni({folder:"opened files",files:r,weights:a});if(!n)return u;let[c,d]=[t.get(co),t.get(uo)];if(c===void 0||d===void 0)throw new $(`expected both ${co} and ${uo} of a LoRA adapter, found one of them; choose both`);let l=new TextDecoder().decode(await lo(c,0,c.size));return{...u,adapter:{config:l,weights:i(d)}}}async function lo(e,t,r){return new Uint8Array(await e.slice(t,t+r).arrayBuffer())}function Tf(e,t=(r,n)=>`opened model ${n+1}`){let r,n,o=[];async function s(){r=await Be("adapter",Ia),r.compilesAhead=!0;for(let{name:i,checkpoint:a}of await Be("unpacking",()=>Af(e())))o.push({name:i,answers:await $s(r,a)});return o}return{open(){return n??=s().catch(i=>{throw n=void 0,o.length=0,r?.destroy(),i}),n},async add(i){let a=await this.open(),u=await oi(i),c={name:t(u,a.length),answers:await $s(r,u)};return a.push(c),c}}}function Cf(e){let t=new DataView(e.buffer,e.byteOffset,e.byteLength);if(e.length<8||e[0]!==73&&e[0]!==77)return;let r=e[0]===73;if(t.getUint16(2,r)!==42)return;let n=t.getUint32(4,r);if(n+2>e.length)return;let o=t.getUint16(n,r);if(o===0||n+2+12*o>e.length)return;let s=(i,a=1/0)=>{for(let u=0;u<o;u++){let c=n+2+12*u;if(t.getUint16(c,r)!==i)continue;let[d,l]=[t.getUint16(c+2,r),t.getUint32(c+4,r)],f=d===1?1:d===3?2:d===4?4:0;if(f===0)return[];let p=f*l<=4?c+8:t.getUint32(c+8,r),h=Math.max(0,Math.min(l,a,Math.floor((e.length-p)/f)));return Array.from({length:h},(m,g)=>{let w=p+g*f;return f===1?t.getUint8(w):f===2?t.getUint16(w,r):t.getUint32(w,r)})}return[]};return{little:r,at:n,count:o,numbers:s,number:i=>s(i,1)[0]}}var mb=274;function Nf(e){let t=_b(e),r=t===void 0?void 0:Cf(t)?.number(mb);return r!==void 0&&r>=1&&r<=8?r:1}function gb(e){return e>=5}function wb(e,t){if(t===1)return e;let{width:r,height:n,data:o}=e,s=gb(t),[i,a]=s?[n,r]:[r,n],u=[2,3,7,8].includes(t),c=[3,4,6,7].includes(t),d=new Uint8Array(4*r*n);for(let l=0;l<a;l++)for(let f=0;f<i;f++){let[p,h]=s?[l,f]:[f,l],m=4*((c?n-1-h:h)*r+(u?r-1-p:p)),g=4*(l*i+f);for(let w=0;w<4;w++)d[g+w]=o[m+w]}return{width:i,height:a,data:d}}function Mf(e,t){return wb(e,t===6?8:t===8?6:t)}var Ge=(e,t,r)=>[...r].every((n,o)=>e[t+o]===n.charCodeAt(0));function _b(e){let t=new DataView(e.buffer,e.byteOffset,e.byteLength);if(Ge(e,0,"II*\0")||Ge(e,0,"MM\0*"))return e;if(Ge(e,0,"\xFF\xD8"))for(let r=2;r+10<=e.length&&e[r]===255;){let n=e[r+1];if(n===218||n===217)return;let o=Math.max(2,t.getUint16(r+2));if(n===225&&Ge(e,r+4,"Exif\0\0"))return e.subarray(r+10,r+2+o);r+=2+o}if(Ge(e,0,"\x89PNG"))for(let r=8;r+12<=e.length;){let n=t.getUint32(r);if(Ge(e,r+4,"eXIf"))return e.subarray(r+8,r+8+n);r+=12+n}if(Ge(e,0,"RIFF")&&Ge(e,8,"WEBP"))for(let r=12;r+8<=e.length;){let n=t.getUint32(r+4,!0);if(Ge(e,r,"EXIF")){let o=Ge(e,r+8,"Exif\0\0")?14:8;return e.subarray(r+o,r+8+n)}r+=8+n+(n&1)}}function Lf({width:e,height:t,data:r}){let n=new Uint8Array(3*e*t);for(let o=0,s=0;s<n.length;o+=4,s+=3){let i=r[o+3];for(let a=0;a<3;a++){let u=r[o+a],c=128*(u*i+255*(255-i)+128);n[s+a]=i===255?u:(c>>8)+c>>8>>7}}return{width:e,height:t,data:n}}async function Rf(e){let t=Nf(new Uint8Array(await e.arrayBuffer())),r=await createImageBitmap(e,{colorSpaceConversion:"none",premultiplyAlpha:"none"}),{width:n,height:o}=r,s=new OffscreenCanvas(n,o).getContext("2d",{willReadFrequently:!0});return s.drawImage(r,0,0),r.close(),Lf(Mf(s.getImageData(0,0,n,o),t))}var U=e=>document.getElementById(`ask-${e}`),yb=2,Pf=e=>e instanceof Rt?Oo:e instanceof Error?e.message:String(e);function vb(){let e=[...U("form").dataset.colours.split(" ").filter(Boolean),"grey"],t=T=>e[Math.min(T,e.length-1)],r=Tf(()=>JSON.parse(document.getElementById("models").textContent)),n=()=>Promise.resolve([]),o=[],s,i=!1,a=new AbortController,u=Promise.resolve(),c=T=>U("status").textContent=T,d=U("stage"),l=hi({stage:d,panel:U("attention")}),f=mi(U("turns"),{colourOf:t,onAnswer({answer:T,used:P,most:W},se){O(T,se),(s===void 0||P/W>s.used/s.most)&&(s={used:P,most:W})},onAttention:T=>R(async()=>{c(`Looking where ${T.name} looked \u2026`),l.show({...T,attention:await Be("attention",()=>T.attention())}),c("")})});function p(){f.forget(),l.clear(),U("boxes").replaceChildren(),U("room").textContent="",s=void 0,U("on").disabled=!0,c("")}function h(T,P=()=>Promise.all(T.map(Rf))){p(),n=P;let W=U("image");W.src.startsWith("blob:")&&URL.revokeObjectURL(W.src),W.src=URL.createObjectURL(T[0]),W.onload=()=>d.style.aspectRatio=`${W.naturalWidth} / ${W.naturalHeight}`}let m=0,g=Yi({stage:d,controls:U("draw")},{size:32,async onChange({image:T,questions:P}){w(P);let W=++m,se=await Zi(T);W===m&&h([se],()=>Promise.resolve([T]))}});function w(T){o=T,U("suggestions").replaceChildren(...T.map(({question:P})=>L("button",{type:"button",textContent:P,onclick:()=>U("question").value=P}))),U("suggested").hidden=T.length===0}function _(){let{value:T,selectedOptions:[P]}=U("sample");if(m++,T==="draw")return g.open();if(g.close(),w([]),T==="own")return U("own").click();h([...document.querySelectorAll(`[data-sample="${T}"] img`)].map(({src:W})=>bb(W))),U("question").value=P.dataset.question}function v(T){T!==void 0&&(U("sample").value="own",m++,g.close(),w([]),h([T]))}function O(T,P){let W=ii(T);if(W===null)return;let[se,ae,ue,X]=W,M={x:se,y:ae,width:ue-se,height:X-ae};U("boxes").append(It("rect",{...M,class:"halo"}),It("rect",{...M,style:`stroke: var(--on-image-${t(P)})`}))}async function A(T){T&&p(),U("boxes").replaceChildren(),l.clear(),a.abort(),await u;let P=await r.open();if(P.length===0)return c("Open a model first, below.");let W=U("question").value.trim();if(W==="")return c("Write a question first.");let se=await n(),ae=await Be("answers",()=>f.ask(P,W,se,X=>c(`${X} answers \u2026`)));if(U("turns").children.length===0&&ae.length===0)return;let ue=o.find(X=>X.question===W);ue&&U("turns").append(L("p",{class:"truth",textContent:`${ue.answer} (by the drawing)`})),U("on").disabled=U("turns").children.length===0,s!==void 0&&(U("room").textContent=`Of ${s.most} tokens that a model reads, pictures included, the conversation takes ${s.used}. A follow-up goes on with it, each model with its own answers; Ask begins anew.`),c(ae.length>0?ae.join(" "):"Answered.")}async function N(T){c("Reading the model \u2026");let{name:P}=await r.add(T);c(`${P} is there: ask it.`)}async function R(T){if(!i){i=!0,U("submit").disabled=!0;try{await T()}catch(P){c(Pf(P))}finally{i=!1,U("submit").disabled=!1}}}async function B(){let T=U("form").dataset;try{c("Getting the models ready \u2026");let[P]=await r.open();if(P!==void 0&&U("sample").value!=="own"){let W=P.answers.begin(await n());try{let se=U("question").value||"?";await Be("warming up",()=>W.ask(se,{maxNewTokens:yb,signal:a.signal}))}finally{W.end()}}T.models="ready",i||c(P===void 0?"":"The models are ready.")}catch(P){T.models="asleep",!a.signal.aborted&&!i&&c(Pf(P))}}U("form").hidden=!1,U("form").addEventListener("submit",T=>{T.preventDefault(),R(()=>A(!0))}),U("on").addEventListener("click",()=>R(()=>A(!1))),U("sample").addEventListener("change",_),U("own").addEventListener("change",()=>v(U("own").files[0])),U("files").addEventListener("change",()=>R(()=>N([...U("files").files]))),U("drop").addEventListener("dragover",T=>T.preventDefault()),U("drop").addEventListener("drop",T=>{T.preventDefault();let P=[...T.dataTransfer.files];P.some(({name:W})=>W==="config.json")?R(()=>N(P)):v(P[0])}),U("sample").value!=="own"&&_();let K=()=>{let T=()=>u=B();"requestIdleCallback"in globalThis?requestIdleCallback(T,{timeout:5e3}):setTimeout(T,1e3)};document.documentElement.dataset.charts==="drawn"?K():document.addEventListener("chartsdrawn",K,{once:!0})}function bb(e){let[,t,r]=/^data:([^;,]*);base64,(.*)$/.exec(e);return new Blob([Uint8Array.fromBase64(r)],{type:t})}var If=Qi();If===void 0?vb():(U("missing").textContent=If,U("missing").hidden=!1);
